"""A drawing of face and body on which each treatment zone can be marked."""
