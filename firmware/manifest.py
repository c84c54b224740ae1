"""What is frozen into the pen's image: all of the firmware but the parts that only a desk needs.

Read by the image's build, which supplies `package` and `module`. `boot.py` and `main.py` are frozen
at the top as well, because that is where the interpreter looks for them.
"""

package("firmware", base_path="..")  # type: ignore[name-defined]
package("protocol", base_path="..")  # type: ignore[name-defined]
package("hardware", ("board/__init__.py", "board/rev_a.py"), base_path="..")  # type: ignore[name-defined]
module("boot.py")  # type: ignore[name-defined]
module("main.py")  # type: ignore[name-defined]
