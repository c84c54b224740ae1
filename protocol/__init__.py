"""The wire between pen and host: one pure-Python source for both sides."""
