"""A real Rasa server, trained on a small list, keeps what every backend promises."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from nlu.rasa import RasaInterpreter, RasaSettings
from nlu.training import rasa_project
from nlu.types import Act, Context, Flag, Interpreter
from tests.nlu.small_district import PLACES
from tests.nlu.small_rasa import CODES, EPOCHS, small_list, small_messages, write_small_messages

# the contract itself, over the `interpreter` of this module
from tests.nlu.test_contract import *  # noqa: F403
from tests.support.rasa_server import RASA, environment, serving

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
        subprocess.run(rasa_project.train_command(RASA), cwd=folder, env=environment(), stdout=log, stderr=log)
    assert rasa_project.model_file(folder).exists(), (folder / "training.log").read_text()[-2000:]
    return folder


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[str]:
    """The address of a server over that project."""
    with serving(project) as running:
        yield running.url


@pytest_asyncio.fixture
async def interpreter(server: str) -> AsyncIterator[Interpreter]:
    """The backend under contract."""
    opened = RasaInterpreter(RasaSettings(server, patience=30), CODES, PLACES)
    yield opened
    await opened.close()


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
