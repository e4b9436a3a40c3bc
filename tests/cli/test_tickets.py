"""`jiehu tickets list|show|export`, `erase` and `ledger verify` over tickets of every sensitivity."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.application.calls.report_back import OUTCOMES
from bot.application.ports import UnitOfWork
from bot.cli import export_words
from bot.cli.export import harmless
from bot.domain.assignment import AssignmentState
from bot.domain.escalation import SUPERIORS
from bot.domain.evaluation import Verdict
from bot.domain.events import EventKind
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import Reply
from bot.domain.returning import Ground, Outcome
from bot.domain.ticket import Mode, Sensitivity, Stage
from tests.cli.conftest import NOW, Line, Seeded

FIELDS = {"code", "stage", "mode", "level", "item", "text", "place", "street", "department", "created_at", "due_at"}
SECRET = ("他又打她了", "三楼西户", "已劝解", "他没道歉")


def test_a_list_has_the_promised_fields(line: Line, seeded: Seeded) -> None:
    rows = {row["code"]: row for row in line.json("tickets", "list")}
    assert all(row.keys() == FIELDS for row in rows.values())
    assert rows[seeded.handled] == {
        "code": seeded.handled,
        "stage": "handling",
        "mode": "direct",
        "level": "一般",
        "item": "SZ-03",
        "text": "=柳荫路45号门口井盖没了，电话13800138000",
        "place": "柳荫路45号门口",
        "street": "JL01",
        "department": "D26",
        "created_at": "2026-11-22T09:30:00+08:00",
        "due_at": "2026-11-22T11:30:00+08:00",
    }
    assert (rows[seeded.old]["stage"], rows[seeded.old]["department"], rows[seeded.old]["due_at"]) == (
        "dispatching",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--stage", "closed"), ["sensitive"]),
        (("--stage", "dispatching"), ["old"]),
        (("--department", "D26"), ["handled", "sensitive"]),
        (("--department", "D34"), ["limited"]),
        (("--department", "D34-JL03"), ["limited"]),
        (("--department", "D2"), []),
        (("--department", "D26", "--stage", "handling"), ["handled"]),
    ],
)
def test_a_list_can_be_narrowed(line: Line, seeded: Seeded, options: tuple[str, ...], expected: list[str]) -> None:
    found = {row["code"] for row in line.json("tickets", "list", *options)}
    assert found == {getattr(seeded, name) for name in expected}


def test_one_ticket_shows_its_parts(line: Line, seeded: Seeded) -> None:
    shown = line.json("tickets", "show", seeded.handled.lower())
    assert shown.keys() == FIELDS | {"assignments", "events", "evaluations"}
    assert shown["assignments"] == [
        {
            "department": "D26",
            "state": "handling",
            "sign_due_at": "2026-11-22T10:30:00+08:00",
            "due_at": "2026-11-22T11:30:00+08:00",
            "provisional": False,
            "round": 1,
        }
    ]
    assert [(event["kind"], event["actor"]) for event in shown["events"]] == [
        ("reported", "李网格"),
        ("signed", "王联络"),
    ]
    assert all(event.keys() == {"at", "kind", "actor", "detail", "hash"} for event in shown["events"])
    assert shown["events"][0]["detail"]["item"] == "SZ-03"


def test_an_unknown_ticket_is_refused(line: Line, seeded: Seeded) -> None:
    assert line.refusal("tickets", "show", "JL-20261122-9999") == "There is no ticket JL-20261122-9999."


def test_words_of_sensitive_tickets_are_nowhere(line: Line, seeded: Seeded, tmp_path: Path) -> None:
    printed = line("tickets", "list", "--json").stdout + line("tickets", "show", seeded.sensitive, "--json").stdout
    for number, options in enumerate(((), ("--case", seeded.sensitive))):
        file = tmp_path / f"{number}.xlsx"
        assert line("tickets", "export", str(file), *options).exit_code == 0
        printed += "\n".join(cells(file))
    assert seeded.sensitive in printed
    assert [words for words in SECRET if words in printed] == []


def cells(file: Path) -> Iterator[str]:
    """Everything that stands in a workbook."""
    for sheet in load_workbook(file):
        for row in sheet.iter_rows(values_only=True):
            yield from (str(value) for value in row if value is not None)


def test_the_register_has_a_sheet_a_month_masked_and_harmless(line: Line, seeded: Seeded, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    told = line.json("tickets", "export", str(file))
    assert (told["sheets"], told["rows"]) == (["2026-10", "2026-11"], 4)
    sheet = load_workbook(file)["2026-11"]
    heading = [cell.value for cell in sheet[1]]
    rows = {row[0]: dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
    handled = rows[seeded.handled]
    assert handled["内容"] == "'=柳荫路45号门口井盖没了，电话〔电话〕"
    assert (handled["街道"], handled["社区"], handled["责任单位"]) == ("望澜街道", "柳荫社区", "市政中心")
    assert (handled["阶段"], handled["方式"], handled["处置截止"]) == ("处置中", "对口呼叫", "2026-11-22 11:30")
    assert rows[seeded.limited]["内容"] == "〔受限件，不引用原话〕"
    assert rows[seeded.sensitive]["评价"] == "不满意"
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_a_case_file_proves_itself(line: Line, seeded: Seeded, tmp_path: Path) -> None:
    file = tmp_path / "case.xlsx"
    assert line.json("tickets", "export", str(file), "--case", seeded.handled)["sheets"] == [
        "呼叫单",
        "办理",
        "过程",
        "凭证",
    ]
    history = [row for row in load_workbook(file)["过程"].iter_rows(min_row=2, values_only=True) if row[0]]
    assert [row[2:5] for row in history] == [("上报", None, "上报人"), ("签收", "市政中心", "王联络")]
    assert history[0][5] == "'=柳荫路45号门口井盖没了，电话〔电话〕"
    proof = [row for row in load_workbook(file)["凭证"].iter_rows(min_row=2, values_only=True) if row[0]]
    assert [row[0] for row in proof] == [row[0] for row in history]
    previous = "0" * 64
    for _, record, before, after in proof:
        assert before == previous
        previous = hashlib.sha256((previous + str(record)).encode()).hexdigest()
        assert after == previous


def test_a_case_file_says_what_was_decided_and_hides_who_judged(line: Line, seeded: Seeded, tmp_path: Path) -> None:
    async def judged(uow: UnitOfWork) -> None:
        ticket = await uow.tickets.by_code(seeded.handled)
        assert ticket is not None
        [part] = await uow.assignments.of_ticket(ticket.id)
        at, of = NOW + timedelta(hours=2), {"assignment": part.id}
        done: list[tuple[EventKind, dict[str, object]]] = [
            (EventKind.EXTENDED, of | {"amount": "2工作日", "due": NOW + timedelta(days=3)}),
            (EventKind.ESCALATED, {"subject": "assignment", "id": part.id, "clock": "sign", "tells": ["hub"]}),
            (EventKind.RULED, of | {"outcome": "moved", "to": "D11"}),
            (EventKind.MEETING_ANSWERED, {"party": "D11", "reply": "excused"}),
        ]
        for kind, detail in done:
            await uow.events.append(ticket.id, kind, at=at, actor=None, detail=detail)
        late = at + timedelta(hours=1)
        await uow.events.append(
            ticket.id, EventKind.EVALUATED, at=late, actor=ticket.reporter_id, detail=of | {"verdict": "dissatisfied"}
        )

    line.write(judged)
    file = tmp_path / "case.xlsx"
    assert line("tickets", "export", str(file), "--case", seeded.handled).exit_code == 0
    book = load_workbook(file)
    rows = list(book["过程"].iter_rows(min_row=4, max_row=8, values_only=True))
    assert [row[2:6] for row in rows] == [
        ("延期", "市政中心", "系统", "2工作日，时限到 2026-11-25 09:30"),
        ("升级", "市政中心", "系统", "签收时限，告知中枢"),
        ("裁决", "市政中心", "系统", "改由 公安分局 办理"),
        ("会议答复", "公安分局", "系统", "请假"),
        ("评价", "市政中心", "评价人", "不满意"),
    ]
    records = book["凭证"].iter_rows(min_row=4, max_row=8, min_col=2, max_col=2, values_only=True)
    assert ["actor" in str(record) for (record,) in records] == [True, True, True, True, False], (
        "its number would name him"
    )


def test_of_a_sensitive_case_only_the_domain_is_told(line: Line, seeded: Seeded, tmp_path: Path) -> None:
    file = tmp_path / "case.xlsx"
    for options in ((), ("--case", seeded.sensitive)):
        assert line("tickets", "export", str(file), *options).exit_code == 0
        said = "\n".join(cells(file))
        assert "社会治安与矛盾纠纷" in said and "家庭暴力" not in said and "ZA-02" not in said


def test_a_sheet_prints_across_the_paper_with_its_headings(line: Line, seeded: Seeded, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    assert line("tickets", "export", str(file)).exit_code == 0
    for sheet in load_workbook(file):
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("B2", "$1:$1")
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert all(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1)), "else words overlap"


def test_an_export_of_nothing_or_to_another_format_is_said(line: Line, tmp_path: Path) -> None:
    assert line.json("tickets", "export", str(tmp_path / "a.xlsx"))["rows"] == 0
    assert line.refusal("tickets", "export", str(tmp_path / "a.csv")).endswith("a.csv does not end in .xlsx.")
    assert line.refusal("tickets", "export", str(tmp_path / "no" / "a.xlsx")).startswith("A file or a connection")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("a\x00\x07b", "ab"),
        ("\x01=1", "'=1"),
        ("a=1", "a=1"),
        (7, 7),
        (None, None),
    ],
)
def test_a_cell_is_never_a_formula(value: str | int | None, expected: str | int | None) -> None:
    assert harmless(value) == expected


def test_a_cell_is_never_longer_than_a_spreadsheet_takes() -> None:
    assert len(str(harmless("长" * 40_000))) <= 32_767


def test_every_code_has_its_word() -> None:
    assert export_words.STAGES.keys() == set(Stage)
    assert export_words.MODES.keys() == set(Mode)
    assert export_words.SENSITIVITIES.keys() == set(Sensitivity)
    assert export_words.STATES.keys() == set(AssignmentState)
    assert export_words.VERDICTS.keys() == set(Verdict)
    assert export_words.EVENTS.keys() == set(EventKind)
    assert export_words.RULINGS.keys() == set(Outcome) - {Outcome.LAPSED}
    assert export_words.GROUNDS.keys() == set(Ground) - {Ground.WORDS}
    assert export_words.REPLIES.keys() == set(Reply)
    assert export_words.TASKS.keys() == set(HubTaskKind)
    assert export_words.OUTCOMES.keys() == set(OUTCOMES)
    assert export_words.TOLD.keys() == SUPERIORS


def test_the_ledger_verifies_and_names_the_first_bad_event(line: Line, seeded: Seeded) -> None:
    assert line.json("ledger", "verify") == {"ok": True, "tickets": 4, "first_bad": None}
    connection = sqlite3.connect(line.folder / "jiehu.db")
    triggers = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
    for trigger in triggers:
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE event SET actor_id = 99 WHERE kind = 'signed'")
    connection.commit()
    connection.close()
    for words in (("ledger", "verify"), ("ledger", "verify", seeded.handled)):
        assert line.refusal(*words).startswith(f"{seeded.handled}: event 2 (signed, 2026-11-22 01:35 UTC) is not as")
    assert line("ledger", "verify", seeded.old).exit_code == 0


def test_an_altered_text_is_found(line: Line, seeded: Seeded) -> None:
    connection = sqlite3.connect(line.folder / "jiehu.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE event_text SET text = '改过' WHERE name = 'place' AND seq = 1 AND text LIKE '三楼%'")
    connection.commit()
    connection.close()
    assert (
        line.refusal("ledger", "verify") == f"{seeded.sensitive}: the text place of event 1 is not as it was written."
    )


def test_erased_words_are_gone_and_the_chain_still_verifies(line: Line, seeded: Seeded) -> None:
    assert line.json("erase", seeded.sensitive, "--yes") == {"erased": 2}
    content = "\n".join(sqlite3.connect(line.folder / "jiehu.db").iterdump())
    assert [words for words in SECRET if words in content] == []
    assert "路灯不亮" in content
    assert line.json("ledger", "verify")["ok"] is True


def test_erasing_asks_first(line: Line, seeded: Seeded) -> None:
    assert line("erase", seeded.handled, stdin="n\n").exit_code == 1
    assert line("erase", seeded.handled, stdin="y\n").exit_code == 0
    assert line.json("tickets", "show", seeded.handled)["text"] == ""
