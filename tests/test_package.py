"""The wheel carries everything that runs: migrations, texts, the page, the training data."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

PROGRAM = """
import asyncio, sys
import storage.migrate
from bot.text.catalogue import Texts
from importlib import resources
assert {root!r} not in storage.migrate.__file__, storage.migrate.__file__
asyncio.run(storage.migrate.upgrade("sqlite+aiosqlite:///{folder}/wheel.db"))
assert asyncio.run(storage.migrate.current("sqlite+aiosqlite:///{folder}/wheel.db")) == storage.migrate.newest()
assert Texts().keys("zh") == Texts().keys("en")
assert resources.files("bot.playground").joinpath("static/index.html").is_file()
assert resources.files("nlu").joinpath("data/chatter.yml").is_file()
"""


@pytest.mark.slow
def test_an_installed_wheel_migrates_speaks_and_shows(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), "."]
    source = tmp_path / "source"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{ROOT}", str(source)], check=True)
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        build = ["uv", "build", "--wheel", "-q", "--no-build-isolation", "-o", str(tmp_path), "."]
    subprocess.run(build, cwd=source, check=True, timeout=200, env={**os.environ, "VIRTUAL_ENV": sys.prefix})
    wheel = next(tmp_path.glob("*.whl"))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bot", "nlu", "handlers", "storage"}
    program = PROGRAM.format(root=str(ROOT), folder=str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, timeout=120, env=environment)
