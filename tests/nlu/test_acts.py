"""The same words mean different things in different places."""

from __future__ import annotations

import pytest

from nlu.reading.acts import read_act
from nlu.types import Act, Context, Question, Setting, Speaker, Subject

UNIT_REPLY = Context(Setting.DEPARTMENT, Speaker.UNIT, Subject.ASSIGNMENT, open_assignments=1)


def scores(**acts: float) -> dict[Act, float]:
    left = (1 - sum(acts.values())) / len(Act)
    return {act: acts.get(act.value, 0.0) + left for act in Act}


def act_of(given: dict[Act, float], text: str, context: Context) -> Act:
    return read_act(given, text, context)[0]


def test_without_context_the_likeliest_act_stands() -> None:
    given = scores(report=0.6, chatter=0.1, sign=0.3)
    act, confidence = read_act(given, "井盖没了", Context())
    assert act is Act.REPORT
    assert confidence == pytest.approx(0.6)


def test_in_a_group_doubt_is_chatter_and_in_private_it_is_not() -> None:
    given = scores(report=0.6, chatter=0.4)
    assert act_of(given, "井盖没了", Context()) is Act.CHATTER
    assert act_of(given, "井盖没了", Context(Setting.PRIVATE)) is Act.REPORT


def test_a_unit_answers_an_assignment_and_does_not_report_anew() -> None:
    given = scores(report=0.6, progress=0.2, sign=0.1)
    assert act_of(given, "现场井盖破了，在换", Context()) is Act.REPORT
    assert act_of(given, "现场井盖破了，在换", UNIT_REPLY) is Act.PROGRESS


@pytest.mark.parametrize("text", ["已到现场，正在抢修", "正在处理，还要两小时", "师傅在路上"])
def test_what_is_still_going_on_is_never_a_report_back(text: str) -> None:
    assert act_of(scores(report_back=0.8, progress=0.1), text, UNIT_REPLY) is Act.PROGRESS


@pytest.mark.parametrize("text", ["已处理完毕，见图", "修好了，正在通电的灯都亮了", "已到现场更换完成"])
def test_what_is_finished_is_reported_back(text: str) -> None:
    assert act_of(scores(report_back=0.8, progress=0.1), text, UNIT_REPLY) is Act.REPORT_BACK


@pytest.mark.parametrize("context", [Context(Setting.LEADERS), Context(Setting.HUB), Context(speaker=Speaker.LEADER)])
def test_leaders_and_hub_rarely_report(context: Context) -> None:
    given = scores(report=0.7, chatter=0.2)
    assert act_of(given, "请各网格排查井盖", context) is Act.CHATTER


def test_received_means_nothing_where_nothing_is_open() -> None:
    given = scores(sign=0.85, chatter=0.1)
    assert act_of(given, "收到", Context(Setting.DEPARTMENT, Speaker.UNIT)) is Act.CHATTER
    assert act_of(given, "收到", Context(Setting.DEPARTMENT, Speaker.UNIT, open_assignments=2)) is Act.SIGN


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question.PROGRESS, Act.PROGRESS),
        (Question.REPORT_BACK, Act.REPORT_BACK),
        (Question.RETURN_REASON, Act.RETURN),
        (Question.EVALUATION_REASON, Act.EVALUATE),
        (Question.PLACE, Act.CHATTER),
        (Question.CHOICE, Act.CHATTER),
    ],
)
def test_an_open_question_judges_first(question: Question, expected: Act) -> None:
    assert act_of(scores(report=0.6, chatter=0.2), "参加", Context(question=question)) is expected


def test_who_surely_changes_the_subject_is_heard() -> None:
    given = scores(urge=0.95)
    assert act_of(given, "先不说这个，0007催一下", Context(question=Question.PLACE)) is Act.URGE
