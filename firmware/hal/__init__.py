"""The board's ports, and the boards that offer them."""
