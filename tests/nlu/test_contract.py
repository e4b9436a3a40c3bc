"""What every backend promises, whatever it has learned."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from nlu.types import Act, Context, Decision, EntityKind, Interpreter, NluUnavailable, Question, Subject

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
REPORT = "柳荫社区门口的井盖没了，昨晚八点有人差点踩空"


async def test_a_report_has_ranked_items_with_probabilities(interpreter: Interpreter) -> None:
    got = await interpreter.interpret(REPORT, Context(now=NOW))
    assert got.act is Act.REPORT
    assert got.text == REPORT
    assert len(got.items) >= 5
    confidences = [guess.confidence for guess in got.items]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert sum(confidences) <= 1 + 1e-4
    assert len({guess.code for guess in got.items}) == len(got.items)


async def test_a_report_has_entities_at_their_places(interpreter: Interpreter) -> None:
    got = await interpreter.interpret(REPORT, Context(now=NOW))
    assert all(REPORT[entity.start : entity.end] == entity.text for entity in got.entities)
    community = got.first(EntityKind.COMMUNITY)
    assert community is not None
    assert community.value == "JL0101"
    time = got.first(EntityKind.TIME)
    assert time is not None
    assert time.value == "2026-11-21T20:00+08:00"


async def test_segments_cover_a_report_without_overlap(interpreter: Interpreter) -> None:
    text = "柳荫路的路灯坏了好几天，黑得很。另外街边垃圾桶满了，垃圾堆了一地没人收"
    got = await interpreter.interpret(text, Context())
    assert got.segments
    assert got.segments[0].start == 0
    assert got.segments[-1].end == len(text)
    assert all(text[part.start : part.end] == part.text for part in got.segments)
    assert all(one.end == next_one.start for one, next_one in zip(got.segments, got.segments[1:], strict=False))
    assert all(part.items for part in got.segments)


@pytest.mark.parametrize("text", ["今天中午吃什么", "哈哈哈哈", "   ", "😂😂😂", "1", "？？"])
async def test_chatter_decides_on_no_item(interpreter: Interpreter, text: str) -> None:
    got = await interpreter.interpret(text, Context())
    assert got.act is not Act.REPORT
    assert got.segments == ()
    assert got.decision is Decision.ABSTAIN


async def test_an_answer_is_judged_by_the_question(interpreter: Interpreter) -> None:
    got = await interpreter.interpret("柳荫路45号门口", Context(question=Question.PLACE))
    assert got.act is Act.CHATTER
    assert got.first(EntityKind.PLACE) is not None
    reason = await interpreter.interpret("路灯是区里统一管的", Context(question=Question.RETURN_REASON))
    assert reason.act is Act.RETURN


async def test_a_long_message_is_read(interpreter: Interpreter) -> None:
    text = "路灯坏了好几天了，黑得很。" * 315
    assert len(text) <= 4096
    assert (await interpreter.interpret(text, Context())).act is Act.REPORT


async def test_the_same_question_has_the_same_answer(interpreter: Interpreter) -> None:
    context = Context(replies_to=Subject.ASSIGNMENT, now=NOW)
    one, other = await asyncio.gather(*(interpreter.interpret(REPORT, context) for _ in range(2)))
    assert (one.act, one.decision, one.entities, one.flags) == (other.act, other.decision, other.entities, other.flags)
    # several read together are added up in another order than one
    assert [guess.code for guess in one.items[:3]] == [guess.code for guess in other.items[:3]]
    assert [guess.confidence for guess in one.items] == pytest.approx([guess.confidence for guess in other.items], 1e-3)


async def test_a_closed_backend_says_that_it_is_unavailable(interpreter: Interpreter) -> None:
    await interpreter.close()
    with pytest.raises(NluUnavailable):
        await interpreter.interpret(REPORT, Context())
