"""Where settings come from, and in which order."""

from pathlib import Path

import pytest

from host_controller import config, data_folder, errors


def write(folders: Path, text: str) -> None:
    (folders / "config").mkdir()
    (folders / "config" / "config.toml").write_text(text)


def test_without_a_file_everything_has_its_default() -> None:
    loaded = config.load()
    assert (loaded.port, loaded.operator) == (None, None)


def test_the_environment_comes_before_the_file(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folders, 'port = "COM3"\noperator = "np-07"\n')
    monkeypatch.setenv("PEN_PORT", "COM4")
    loaded = config.load()
    assert (loaded.port, loaded.operator) == ("COM4", "np-07")


@pytest.mark.parametrize(
    ("text", "words"),
    [("port =", "cannot be read"), ("prot = 'x'", "not a setting"), ("port = 5", "has to be a")],
)
def test_a_file_that_cannot_be_meant_is_named(folders: Path, text: str, words: str) -> None:
    write(folders, text)
    with pytest.raises(errors.ConfigError, match=words) as caught:
        config.load()
    assert "config.toml" in caught.value.sentence
    assert caught.value.exit_code == 2


def test_data_and_configuration_never_share_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PEN_DATA_DIR")
    monkeypatch.delenv("PEN_CONFIG_DIR")
    assert data_folder.data_folder() != data_folder.config_folder()
    assert "microneedling-pen" in str(data_folder.data_folder())
