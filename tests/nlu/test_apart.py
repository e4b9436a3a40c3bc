"""Understanding in a process of its own: the same answers, whatever becomes of the process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nlu.apart import ApartInterpreter
from nlu.local import LocalInterpreter
from nlu.types import Context, Interpretation, NluUnavailable, Setting
from tests.nlu.small_district import MESSAGES

TEXTS = [text for texts in MESSAGES.values() for text in texts]
TWO_MATTERS = "柳荫路的路灯坏了好几天，黑得很。另外街边垃圾桶满了，垃圾堆了一地没人收"
PATIENCE_SECONDS = 30
_PARENT = """
import asyncio, sys
from pathlib import Path
from nlu.apart import ApartInterpreter
async def main():
    print((await ApartInterpreter.open(Path(sys.argv[1]))).process_id, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


def is_there(process_id: int) -> bool:
    """Whether it runs; a dead one nobody has asked after does not."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until_gone(process_id: int) -> None:
    """Raises TimeoutError if it stays."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while is_there(process_id):
            await asyncio.sleep(0.02)


def alike(one: Interpretation, other: Interpretation) -> bool:
    """The same but for the last digits: many texts are added up in another order than one."""
    sure = all(
        a.code == b.code and a.confidence == pytest.approx(b.confidence, abs=1e-3)
        for a, b in zip(one.items, other.items, strict=True)
        if a.confidence > 0.01
    )
    parts = [(part.start, part.end) for part in one.segments] == [(part.start, part.end) for part in other.segments]
    same = (one.text, one.act, one.decision, one.entities, one.flags)
    return sure and parts and same == (other.text, other.act, other.decision, other.entities, other.flags)


async def test_many_at_once_are_read_as_one_after_the_other(apart: ApartInterpreter, local: LocalInterpreter) -> None:
    texts = [*TEXTS, TWO_MATTERS]
    found = await asyncio.gather(*(apart.interpret(text, Context()) for text in texts))
    alone = [local.read(text, Context()) for text in texts]
    assert [one.text for one in found] == texts
    assert [(a, b) for a, b in zip(found, alone, strict=True) if not alike(a, b)] == []
    assert len(found[-1].segments) == len(alone[-1].segments)


async def test_a_process_that_dies_is_replaced(apart: ApartInterpreter) -> None:
    first = apart.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until_gone(first)
    async with asyncio.timeout(PATIENCE_SECONDS):
        found = None
        while found is None:
            # who asks before the death is known hears of it; the inbox asks again after a second
            try:
                found = await apart.interpret(TEXTS[0], Context())
            except NluUnavailable:
                continue
    assert found.items
    assert apart.process_id not in (None, first)


async def test_a_message_nobody_can_read_harms_no_other(apart: ApartInterpreter) -> None:
    nonsense: Context = "no context at all"  # type: ignore[assignment]
    asked = [apart.interpret(TEXTS[0], Context()), apart.interpret(TEXTS[1], nonsense)]
    asked += [apart.interpret(text, Context(Setting.PRIVATE)) for text in TEXTS[2:6]]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(one, Interpretation) for one in found] == [True, False, True, True, True, True]
    assert isinstance(found[1], NluUnavailable)


async def test_signals_to_the_whole_group_leave_the_last_messages_their_answers(apart: ApartInterpreter) -> None:
    process_id = apart.process_id
    assert process_id is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(process_id, number)
    assert (await apart.interpret(TEXTS[0], Context())).items
    assert apart.process_id == process_id
    await apart.close()
    assert not is_there(process_id)


async def test_it_goes_with_a_bot_that_is_killed(small_model: Path) -> None:
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    line = [sys.executable, "-c", _PARENT, str(small_model)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=variables) as parent:
        assert parent.stdout is not None
        process_id = int(await asyncio.to_thread(parent.stdout.readline))
        parent.kill()
    await until_gone(process_id)


async def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NluUnavailable, match="did not load its model"):
        await ApartInterpreter.open(tmp_path / "none")
