"""How config and the command line choose the Rasa backend."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.catalogue_files import read_catalogue
from bot.cli import app
from bot.config import Config, ConfigError, load_config
from bot.config.understanding import RASA_URL_MISSING, open_interpreter
from nlu.types import Context, Interpreter
from tests.nlu.small_rasa import ROOT

URL = "http://127.0.0.1:9"


def config_with(folder: Path, models: Path = ROOT / "data/models", **variables: str) -> Config:
    """The demonstration district's config with the backend rasa."""
    text = (ROOT / "config.yml").read_text(encoding="utf-8").replace("backend: local", "backend: rasa")
    text = text.replace(": examples/", f": {ROOT}/examples/").replace("models: data/models", f"models: {models}")
    (folder / "config.yml").write_text(text, encoding="utf-8")
    return load_config(folder / "config.yml", variables=variables)


async def test_the_backend_rasa_needs_its_address(tmp_path: Path) -> None:
    config = config_with(tmp_path)
    with pytest.raises(ConfigError, match="RASA_URL is not set"):
        await open_interpreter(config, read_catalogue(config.catalogue_paths()))


async def test_the_bot_goes_on_with_the_local_backend(tmp_path: Path, interpreter: Interpreter) -> None:
    config = config_with(tmp_path, RASA_URL=URL)
    opened, _ = await open_interpreter(config, read_catalogue(config.catalogue_paths()))
    try:
        assert opened.name == "rasa, else local"
        assert (await opened.interpret("路灯坏了好几盏", Context())).items
    finally:
        await opened.close()


def test_asked_for_alone_an_absent_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_URL", URL)
    result = CliRunner().invoke(app, ["nlu", "predict", "--backend", "rasa"], input="路灯坏了\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("The backend rasa does not answer: the Rasa server cannot be reached")
    monkeypatch.delenv("RASA_URL")
    assert RASA_URL_MISSING in CliRunner().invoke(app, ["nlu", "predict", "--backend", "rasa"], input="x\n").stderr


@pytest.mark.parametrize("command", ["train-rasa", "serve-rasa"])
def test_without_its_environment_nothing_is_started(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["nlu", command, "--environment", str(tmp_path / "gone")])
    assert result.exit_code == 1
    assert result.stderr == "There is no Rasa environment yet: make rasa builds it.\n"


def test_without_a_model_nothing_is_served(tmp_path: Path) -> None:
    config_with(tmp_path, models=tmp_path / "models")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "rasa").touch()
    options = ["--config", str(tmp_path / "config.yml"), "--environment", str(tmp_path)]
    result = CliRunner().invoke(app, ["nlu", "serve-rasa", *options])
    assert result.stderr == "There is no Rasa model yet: make rasa trains one.\n"
