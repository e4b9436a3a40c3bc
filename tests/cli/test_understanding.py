"""`jiehu nlu` with the local backend."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.understanding import as_json_of
from nlu.types import Act, Decision, Entity, EntityKind, Flag, Interpretation, Interpreter, ItemGuess, Segment
from tests.cli.conftest import ROOT, Line

FIELDS = {"text", "act", "act_confidence", "decision", "items", "entities", "segments", "flags"}


def test_an_interpretation_has_the_promised_fields() -> None:
    guess = ItemGuess("SZ-03", 0.81239)
    found = Interpretation(
        text="柳荫路45号井盖没了",
        act=Act.REPORT,
        act_confidence=0.98765,
        decision=Decision.ACCEPT,
        items=(guess,),
        entities=(Entity(EntityKind.PLACE, "柳荫路45号", 0, 6),),
        segments=(Segment("柳荫路45号井盖没了", 0, 11, (guess,)),),
        flags=frozenset({Flag.DANGER}),
    )
    assert as_json_of(found) == {
        "text": "柳荫路45号井盖没了",
        "act": "report",
        "act_confidence": 0.9877,
        "decision": "accept",
        "items": [{"code": "SZ-03", "confidence": 0.8124}],
        "entities": [{"kind": "place", "text": "柳荫路45号", "start": 0, "end": 6}],
        "segments": [{"text": "柳荫路45号井盖没了", "items": [{"code": "SZ-03", "confidence": 0.8124}]}],
        "flags": ["danger"],
    }


@pytest.mark.slow
def test_predict_reads_lines_and_writes_lines(interpreter: Interpreter) -> None:
    result = CliRunner().invoke(app, ["nlu", "predict"], input="柳荫路上井盖没了，人差点掉下去\n好的收到\n\n")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert all(one.keys() == FIELDS for one in found)
    assert [one["text"] for one in found] == ["柳荫路上井盖没了，人差点掉下去", "好的收到", ""]
    assert found[0]["act"] == "report"
    assert len(found[0]["items"]) >= 5
    confidences = [item["confidence"] for item in found[0]["items"]]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.slow
def test_evaluate_gives_every_promised_figure(interpreter: Interpreter, tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text("text,act,item\n路灯坏了三盏,report,SZ-04\n大家辛苦了,chatter,\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["nlu", "evaluate", str(file), "--json"])
    scores = json.loads(result.stdout)
    promised = (
        "n act_accuracy report_precision report_recall item_top1 item_top3 auto_precision auto_coverage chatter_answered "
        "abstain_outside both_of_two ece p50_ms p99_ms messages_per_second load_seconds rss_mb"
    )
    assert scores.keys() == set(promised.split())
    assert scores["n"] == 2
    assert scores["abstain_outside"] is None
    assert scores["load_seconds"] > 0 and math.isfinite(scores["p99_ms"])


def test_a_file_that_is_no_list_of_messages_is_refused(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text("text,act,item\nhallo,wave,\n", encoding="utf-8")
    assert "cannot be read as messages: line 2: " in line.refusal("nlu", "evaluate", str(file))
    assert "cannot be read as messages: " in line.refusal("nlu", "evaluate", str(tmp_path / "gone.csv"))


def test_the_backend_rasa_needs_its_address(line: Line) -> None:
    assert line.refusal("nlu", "predict", "--backend", "rasa") == (
        "RASA_URL is not set: the backend rasa needs the address of a Rasa server."
    )


def test_another_backend_is_wrong_usage(line: Line) -> None:
    assert line("nlu", "predict", "--backend", "magic").exit_code == 2


def test_the_training_data_is_in_order() -> None:
    result = CliRunner().invoke(app, ["nlu", "lint", "--config", str(ROOT / "config.yml")])
    assert result.exit_code == 0, result.output
    assert "in order" in result.output
