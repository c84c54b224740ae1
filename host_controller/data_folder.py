"""Where the program keeps records and reads its configuration. Owns no state.

PEN_DATA_DIR and PEN_CONFIG_DIR come first, then the places the system has for such things.
"""

import os
from pathlib import Path

APPLICATION = "microneedling-pen"


def data_folder() -> Path:
    """Folder of records (not created here). Clinic data never lies beside the configuration."""
    chosen = os.environ.get("PEN_DATA_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def config_folder() -> Path:
    """Folder of `config.toml` (not created here)."""
    chosen = os.environ.get("PEN_CONFIG_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))
