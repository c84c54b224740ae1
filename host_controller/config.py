"""The configuration file: `config.toml` in the user's configuration folder.

    port = "socket://127.0.0.1:7333"    # or a serial number
    operator = "np-07"                  # staff code written into records

Precedence: command line, then environment (PEN_PORT, PEN_OPERATOR), then this file.
Owns no state.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from host_controller import errors
from host_controller.data_folder import config_folder

FILE_NAME = "config.toml"
_KEYS = ("port", "operator")


@dataclass(frozen=True)
class Config:
    """Settings with their defaults; `path` is where they were looked for."""

    path: Path
    port: str | None = None
    operator: str | None = None


def load() -> Config:
    """Read the file if there is one; raises ConfigError for one that cannot be read as meant."""
    path = config_folder() / FILE_NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        data = {}
    except (OSError, ValueError) as error:
        raise errors.ConfigError(f"{path} cannot be read: {error}.") from error
    for key, value in data.items():
        if key not in _KEYS:
            raise errors.ConfigError(
                f"{path}: {key!r} is not a setting.", cause=f"Known are: {', '.join(_KEYS)}."
            )
        if not isinstance(value, str):
            raise errors.ConfigError(f"{path}: {key} has to be a text.")
    return Config(
        path,
        port=os.environ.get("PEN_PORT") or data.get("port"),
        operator=os.environ.get("PEN_OPERATOR") or data.get("operator"),
    )
