"""One update, one unit of work: all of it or nothing, whoever fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram import Update
from telegram.ext import MessageHandler, TypeHandler, filters
from typing_extensions import override

from bot.domain.errors import NothingToDo, VersionConflict
from bot.gateway.application import Context
from tests.gateway.rig import LI, STREET, UNIT, Rig
from tests.gateway.updates import a_message, a_press


async def note(update: Update, context: Context) -> None:
    """Writes one row that only a commit makes visible."""
    await context.uow.settings.put(
        f"seen:{update.update_id}", update.effective_message and update.effective_message.text
    )


async def test_what_a_handler_writes_is_committed_with_the_row(rig: Rig) -> None:
    rig.handle(note)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "柳荫路45号门口井盖没了")
    await rig.settled()
    assert list((await rig.facts("seen:")).values()) == ["柳荫路45号门口井盖没了"]
    assert (await rig.inbox.backlog())[0] == 0
    assert len(rig.heard.prepared) == 1


async def test_the_handler_sees_what_was_prepared(rig: Rig) -> None:
    async def handler(update: Update, context: Context) -> None:
        await context.uow.settings.put("prepared", [context.prepared, update.update_id])

    rig.handle(handler)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await rig.settled()
    text, update_id = await rig.fact("prepared")  # type: ignore[misc]
    assert text == f"prepared {update_id}"


async def test_a_crash_undoes_everything_and_ends_as_a_dead_letter(rig: Rig) -> None:
    async def crash(update: Update, context: Context) -> None:
        await note(update, context)
        raise ZeroDivisionError("boom")

    rig.handle(crash)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await rig.settled_with_retries()
    assert await rig.facts("seen:") == {}
    (letter,) = await rig.inbox.dead_letters(10)
    (reference,) = rig.heard.crashed
    assert letter.attempts == 3
    assert letter.error == f"{reference} ZeroDivisionError: boom"
    assert await rig.fact(f"crashed:{letter.update_id}") == reference


async def test_a_crash_that_passes_is_worked_off_in_the_end_and_keeps_its_turn(rig: Rig) -> None:
    order: list[str] = []
    failures = iter([True, True])

    async def handler(update: Update, context: Context) -> None:
        assert update.message and update.message.text
        if update.message.text == "0" and next(failures, False):
            raise ConnectionError("not yet")
        order.append(update.message.text)

    rig.handle(handler)
    for number in range(5):
        await rig.play.say(LI, STREET, str(number))
    await rig.gateway.start()
    await rig.settled_with_retries()
    assert order == ["0", "1", "2", "3", "4"]
    assert await rig.inbox.dead_letters(10) == []
    assert rig.heard.crashed == []


async def test_no_later_group_runs_after_a_crash(rig: Rig) -> None:
    later: list[int] = []

    async def crash(update: Update, context: Context) -> None:
        raise ValueError("first group")

    async def second(update: Update, context: Context) -> None:
        later.append(update.update_id)

    rig.application.add_handler(TypeHandler(Update, crash), group=0)
    rig.application.add_handler(TypeHandler(Update, second), group=1)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await rig.settled_with_retries()
    assert later == []
    assert len(await rig.inbox.dead_letters(10)) == 1


async def test_a_crashing_filter_is_a_crash(rig: Rig) -> None:
    class Broken(filters.MessageFilter):
        @override
        def filter(self, message: object) -> bool:
            raise KeyError("filter")

    rig.application.add_handler(MessageHandler(Broken(), note))
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await rig.settled_with_retries()
    (letter,) = await rig.inbox.dead_letters(10)
    assert "KeyError" in letter.error


async def test_a_crashing_error_handler_hides_nothing(rig: Rig) -> None:
    async def crash(update: Update, context: Context) -> None:
        raise ValueError("the first error")

    async def worse(update: object, context: object) -> None:
        raise RuntimeError("the second error")

    rig.handle(crash)
    rig.application.add_error_handler(worse)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await rig.settled_with_retries()
    (letter,) = await rig.inbox.dead_letters(10)
    assert "the first error" in letter.error


async def test_a_crash_while_preparing_is_a_crash(rig: Rig) -> None:
    rig.heard.fails_to_prepare = OSError("no model")
    rig.handle(note)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "井盖")
    await rig.settled_with_retries()
    (letter,) = await rig.inbox.dead_letters(10)
    assert "no model" in letter.error
    assert await rig.facts("seen:") == {}


async def test_a_row_is_tried_at_zero_one_and_five_seconds(rig: Rig) -> None:
    tried: list[float] = []
    begun = rig.ticker.time()

    async def crash(update: Update, context: Context) -> None:
        tried.append(rig.ticker.time() - begun)
        raise ValueError

    rig.handle(crash)
    await rig.gateway.start()
    await rig.store_raw(a_message(1, "井盖"))
    async with asyncio.timeout(20):
        while (await rig.inbox.backlog())[0]:
            await rig.push(0.1)
            await asyncio.sleep(0.03)
    assert len(tried) == 3
    first, second, third = tried
    assert 1.0 <= second - first < 3.5
    assert 5.0 <= third - first < 8.5


async def test_other_lanes_go_on_while_one_waits_for_its_retry(rig: Rig) -> None:
    async def handler(update: Update, context: Context) -> None:
        if update.effective_chat and update.effective_chat.id == STREET:
            raise ValueError
        await note(update, context)

    rig.handle(handler)
    await rig.gateway.start()
    await rig.store_raw(a_message(1, "bad"), a_message(2, "good", chat=UNIT))
    async with asyncio.timeout(5):
        while not await rig.facts("seen:"):
            await asyncio.sleep(0.01)
    assert (await rig.inbox.backlog())[0] == 1


async def test_a_refusal_undoes_the_handler_and_commits_its_sentence(rig: Rig) -> None:
    async def refusing(update: Update, context: Context) -> None:
        await note(update, context)
        raise NothingToDo()

    rig.handle(refusing)
    await rig.gateway.start()
    await rig.play.say(LI, STREET, "你好")
    await rig.settled()
    assert await rig.facts("seen:") == {}
    assert list((await rig.facts("refused:")).values()) == ["nothing-to-do"]
    ((code, prepared),) = rig.heard.refused
    assert code == "nothing-to-do"
    assert str(prepared).startswith("prepared ")
    assert await rig.inbox.dead_letters(10) == []


@pytest.mark.parametrize(("conflicts", "dead"), [(1, 0), (3, 0), (50, 1)])
async def test_a_conflict_runs_the_unit_of_work_again_up_to_three_times(rig: Rig, conflicts: int, dead: int) -> None:
    left = iter([True] * conflicts)
    runs: list[int] = []

    async def handler(update: Update, context: Context) -> None:
        runs.append(update.update_id)
        await context.uow.settings.put(f"run:{len(runs)}", "written")
        if next(left, False):
            raise VersionConflict("somebody was first")

    rig.handle(handler)
    await rig.gateway.start()
    await rig.store_raw(a_message(1, "签收"))
    await rig.settled_with_retries()
    assert len(await rig.inbox.dead_letters(10)) == dead
    assert len(runs) == (12 if dead else conflicts + 1)
    assert len(await rig.facts("run:")) == (0 if dead else 1)


async def test_what_follows_a_commit_cannot_undo_it(rig: Rig) -> None:
    followed: list[str] = []

    async def fails() -> None:
        raise ConnectionError("no network")

    async def works() -> None:
        followed.append("worked")

    async def handler(update: Update, context: Context) -> None:
        context.after_commit(fails)
        context.after_commit(works)
        await note(update, context)

    rig.handle(handler)
    await rig.gateway.start()
    await rig.store_raw(a_message(1, "井盖"))
    await rig.gateway.drain()
    assert followed == ["worked"]
    assert await rig.facts("seen:") == {"seen:1": "井盖"}


async def test_an_update_that_nobody_handles_is_done(rig: Rig) -> None:
    await rig.gateway.start()
    await rig.store_raw({"update_id": 5, "some_new_kind": {"chat": {"id": STREET}}})
    await rig.gateway.drain()
    assert await rig.inbox.dead_letters(10) == []


async def test_waiting_is_told_in_the_time_people_live_in(rig: Rig) -> None:
    async def handler(update: Update, context: Context) -> None:
        await context.uow.settings.put(f"waited:{update.update_id}", context.waited.total_seconds())

    rig.handle(handler)
    rig.clock.offset = timedelta(hours=7)
    sent = int(rig.clock.now().timestamp())
    await rig.gateway.start()
    await rig.store_raw(
        a_message(1, "昨夜", date=sent - 5 * 3600),
        a_message(2, "未来", date=sent + 3600),
        a_press(3, "query", date=0),
    )
    await rig.gateway.drain()
    waited = await rig.facts("waited:")
    assert waited["waited:1"] == pytest.approx(5 * 3600, abs=10)
    assert waited["waited:2"] == 0
    assert waited["waited:3"] == pytest.approx(0, abs=5)


async def test_a_context_outside_the_gateway_says_so(rig: Rig) -> None:
    context = Context.from_update(object(), rig.application)
    with pytest.raises(RuntimeError):
        _ = context.uow
