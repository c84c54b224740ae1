"""The store for a command. Owns no state."""

from collections.abc import Callable

from host_controller import errors
from host_controller.records.opening import opened
from host_controller.records.store import Store

__all__ = ["opened", "writable"]


def writable(store: Store, write: Callable[[], None]) -> None:
    """Run `write`; raises RecordUnwritable where the folder or the disk refuses."""
    try:
        write()
    except OSError as error:
        raise errors.RecordUnwritable(
            f"The record cannot be written to {store.home.folder}.",
            cause=f"The system says: {error}.",
        ) from error
