"""Treatment plans: files people write, checks, and the bytes the pen keeps."""
