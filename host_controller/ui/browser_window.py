"""Opens the program's window: a Chromium or Edge without tabs if there is one, else any browser.

Where nobody could see a window nothing is opened: a browser of the terminal would only take it
away. Owns nothing; the browser lives on its own.
"""

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Mapping

# Programs that know --app=URL: a window of its own, without tabs and without an address line.
WITH_APP_WINDOW = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge", "msedge")


def screen(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether windows can be seen here."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def open_window(address: str) -> bool:
    """Open the address; False when a person has to do it."""
    if not screen():
        return False
    for name in WITH_APP_WINDOW:
        path = shutil.which(name)
        if path and not _is_root():
            try:
                subprocess.Popen(
                    [path, f"--app={address}"],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError:
                continue
            return True
    return webbrowser.open(address)


def _is_root() -> bool:
    """Chromium refuses to run as root, and says so nowhere."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
