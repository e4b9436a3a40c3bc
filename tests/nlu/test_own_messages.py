"""The demonstration list's model on messages of our own that it did not learn from."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nlu.evaluation.metrics import SURE_REPORT
from nlu.local import LocalInterpreter
from nlu.types import Act, Context, Decision, Flag, Interpretation
from tests.nlu.conftest import LIST
from tests.nlu.messages.easy import easy_messages
from tests.sensitivity.messages import ACCUSING, SENSITIVE, fresh

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
with LIST.open(encoding="utf-8-sig", newline="") as lines:
    PRIVATE = {row["code"] for row in csv.DictReader(lines) if row["sensitivity"] == "sensitive"}
FRESH = Path(__file__).parent / "messages" / "flags.tsv"


@pytest.fixture(scope="module")
def reader(demo_model: Path) -> LocalInterpreter:
    """Reads as in a street's group, nothing open."""
    return LocalInterpreter.load(demo_model)


def test_two_thousand_easy_messages_meet_silence(reader: LocalInterpreter) -> None:
    messages = easy_messages()
    assert len(set(messages)) == 2000
    found = [reader.read(text, Context()) for text in messages]
    answered = [one.text for one in found if one.act is Act.REPORT and one.act_confidence >= SURE_REPORT]
    assert len(answered) <= 2, answered


@pytest.mark.parametrize(("flag", "precision", "recall"), [(Flag.ACCUSATION, 0.85, 0.85), (Flag.DANGER, 0.85, 0.9)])
def test_flags_of_fresh_messages(reader: LocalInterpreter, flag: Flag, precision: float, recall: float) -> None:
    rows = [line.split("\t") for line in FRESH.read_text(encoding="utf-8").splitlines()]
    read = [(kind == flag, flag in reader.read(text, Context()).flags) for kind, text in rows]
    hits = sum(is_so and raised for is_so, raised in read)
    assert hits / sum(raised for _, raised in read) >= precision
    assert hits / sum(is_so for is_so, _ in read) >= recall


def _seen_by_a_group(got: Interpretation) -> bool:
    """Whether the bot would show it there, if somebody said that it is a report."""
    likely = sum(guess.confidence for guess in got.items if guess.code in PRIVATE)
    sure = got.decision is Decision.ACCEPT
    hidden = got.items[0].code in PRIVATE if sure else likely >= 0.05
    return not (got.discreet or hidden or Flag.ACCUSATION in got.flags)


@pytest.mark.parametrize("kind", ["accusing", "sensitive"])
def test_no_group_sees_what_accuses_or_is_sensitive(reader: LocalInterpreter, kind: str) -> None:
    known = ACCUSING if kind == "accusing" else SENSITIVE
    found = [reader.read(said.text, Context()) for said in (*known, *fresh(kind))]
    assert [one.text for one in found if _seen_by_a_group(one)] == []
    accused = sum(Flag.ACCUSATION in one.flags for one in found)
    assert kind == "sensitive" or accused >= 0.95 * len(found), "what is answered as an accusation is not even kept"


def test_plain_reports_that_name_officials_stay_reports(reader: LocalInterpreter) -> None:
    found = [reader.read(said.text, Context()) for said in fresh("plain")]
    accused = [one.text for one in found if Flag.ACCUSATION in one.flags]
    hidden = [one.text for one in found if _seen_by_a_group(one) is False]
    assert len(accused) <= 3, accused
    assert len(hidden) <= 13, hidden


@pytest.mark.parametrize(
    "text", ["路灯不亮了", "停水了", "井盖没了", "着火了", "垃圾没人收", "电梯又坏了", "下水道堵了", "楼上漏水"]
)
def test_few_words_without_a_place_are_a_report(reader: LocalInterpreter, text: str) -> None:
    assert reader.read(text, Context()).act is Act.REPORT
