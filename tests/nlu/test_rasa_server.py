"""A real Rasa server, trained on a small list, keeps what every backend promises."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from nlu.rasa import RasaInterpreter, RasaSettings
from nlu.training import rasa_project
from nlu.types import Act, Context, Flag, Interpreter
from tests.nlu.small_district import PLACES
from tests.nlu.small_rasa import CODES, EPOCHS, ROOT, small_list, small_messages, write_small_messages

# the contract itself, over the `interpreter` of this module
from tests.nlu.test_contract import *  # noqa: F403

RASA = ROOT / ".venv-rasa" / "bin" / "rasa"
PATIENCE_SECONDS = 240.0
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Rasa project with its trained model."""
    if not RASA.exists():
        told = "there is no Rasa environment: make rasa-env builds it"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    folder = tmp_path_factory.mktemp("rasa")
    messages = write_small_messages(tmp_path_factory.mktemp("messages"))
    rasa_project.write_project(folder, small_list(), messages, EPOCHS)
    with (folder / "training.log").open("wb") as log:
        subprocess.run(rasa_project.train_command(RASA), cwd=folder, env=_environment(), stdout=log, stderr=log)
    assert rasa_project.model_file(folder).exists(), (folder / "training.log").read_text()[-2000:]
    return folder


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[str]:
    """The address of a server over that project."""
    with serving(project) as url:
        yield url


@pytest_asyncio.fixture
async def interpreter(server: str) -> AsyncIterator[Interpreter]:
    """The backend under contract."""
    opened = RasaInterpreter(RasaSettings(server, patience=30), CODES, PLACES)
    yield opened
    await opened.close()


@contextmanager
def serving(project: Path) -> Iterator[str]:
    """Runs the server until the block is left."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with (project / "server.log").open("wb") as log:
        command = rasa_project.serve_command(RASA, port)
        process = subprocess.Popen(command, cwd=project, env=_environment(), stdout=log, stderr=log)
    try:
        _wait_for(url, process, project / "server.log")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/status", timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    pytest.fail(f"the Rasa server did not start: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    return {**os.environ, **rasa_project.ENVIRONMENT}


@pytest.mark.parametrize(
    ("text", "code"),
    [("五楼着火了，冒黑烟", "XF-05"), ("路灯坏了好几盏，黑得很", "SZ-04"), ("垃圾桶满了没人清", "SR-01")],
)
async def test_a_small_list_is_learned(interpreter: Interpreter, text: str, code: str) -> None:
    got = await interpreter.interpret(text, Context())
    assert got.act is Act.REPORT
    assert code in [guess.code for guess in got.items[:2]]


async def test_a_leading_slash_is_no_intent(interpreter: Interpreter) -> None:
    bare = await interpreter.interpret("路口的井盖没了", Context())
    slashed = await interpreter.interpret("//路口的井盖没了", Context())
    assert slashed.items == bare.items
    named = await interpreter.interpret("/sign", Context())
    assert named.act_confidence < 1


async def test_accusations_are_flagged(interpreter: Interpreter) -> None:
    messages = small_messages()[Flag.ACCUSATION]
    flags = [(await interpreter.interpret(text, Context())).flags for text in messages]
    # ten epochs do not even fit what was learned from
    assert sum(Flag.ACCUSATION in found for found in flags) >= len(messages) / 2


async def test_danger_is_flagged(interpreter: Interpreter) -> None:
    got = await interpreter.interpret("五楼着火了，冒黑烟", Context())
    assert Flag.DANGER in got.flags
