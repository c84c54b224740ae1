"""What `ptr32`, `ptr16` and `ptr8` are to a type checker. Only the viper compiler knows them."""

class ptr32:
    """Words at an address, or those of a buffer."""

    def __init__(self, place: object) -> None: ...
    def __getitem__(self, index: int) -> int: ...
    def __setitem__(self, index: int, value: int) -> None: ...

class ptr16(ptr32):
    """Half-words."""

class ptr8(ptr32):
    """Bytes."""
