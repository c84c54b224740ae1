"""What is frozen into the pen's image: all of the firmware but the parts that only a desk needs.

Read by the image's build, which supplies `package` and `module`. `boot.py` and `main.py` are frozen
at the top as well, because that is where the interpreter looks for them.
"""

# The files of the folder itself, by name: `manifest.py` and `boards/` stay at the desk.
FILES = (
    *("__init__.py", "app.py", "boot.py", "history.py", "indicator.py", "main.py", "modes.py"),
    *("pen_services.py", "readings.py", "recording.py", "tick.py", "updating.py", "version.py"),
    "words.py",
)
FOLDERS = (
    *("comms", "control", "diagnostics", "drivers", "hal", "safety", "storage", "treatment"),
    "update",
)

package("firmware", FILES, base_path="..")  # type: ignore[name-defined]
for folder in FOLDERS:
    package(f"firmware/{folder}", base_path="..")  # type: ignore[name-defined]
package("protocol", base_path="..")  # type: ignore[name-defined]
package("hardware", ("board/__init__.py", "board/rev_a.py"), base_path="..")  # type: ignore[name-defined]
module("boot.py")  # type: ignore[name-defined]
module("main.py")  # type: ignore[name-defined]
