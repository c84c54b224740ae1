"""A window is opened where somebody can see it, and nowhere else."""

import subprocess
import webbrowser

import pytest

from host_controller.ui import browser_window

URL = "http://127.0.0.1:8000/?key=k"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    found: list[list[str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda words, **_: found.append(words))
    monkeypatch.setattr(webbrowser, "open", lambda url: bool(found.append(["any", url]) is None))
    monkeypatch.setattr(browser_window, "_is_root", lambda: False)
    monkeypatch.setenv("DISPLAY", ":0")
    return found


def test_without_a_screen_nothing_is_opened(
    monkeypatch: pytest.MonkeyPatch, started: list[list[str]]
) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not browser_window.open_window(URL)
    assert started == []


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_screen(platform: str) -> None:
    assert browser_window.screen({}, platform)
    assert not browser_window.screen({}, "linux")


def test_a_chromium_opens_a_window_without_tabs(
    monkeypatch: pytest.MonkeyPatch, started: list[list[str]]
) -> None:
    monkeypatch.setattr(
        browser_window.shutil, "which", lambda name: "/bin/it" if name == "chromium" else None
    )
    assert browser_window.open_window(URL)
    assert started == [["/bin/it", f"--app={URL}"]]


@pytest.mark.parametrize("root", [True, False])
def test_without_one_or_as_root_any_browser_will_do(
    monkeypatch: pytest.MonkeyPatch, started: list[list[str]], root: bool
) -> None:
    monkeypatch.setattr(browser_window, "_is_root", lambda: root)
    monkeypatch.setattr(browser_window.shutil, "which", lambda _: "/bin/it" if root else None)
    assert browser_window.open_window(URL)
    assert started == [["any", URL]]
