"""`jiehu tickets export`: the register (台账) by month, and the whole case file (呼叫单) of one ticket with its proof."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.application.loading import Case, load_case
from bot.application.ports import UnitOfWork
from bot.application.records import SubjectKind
from bot.cli import export_words as words
from bot.cli.export_facts import facts_of
from bot.cli.opening import catalogue_in_force, opened, run
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.cli.tickets import ALL, cases_of, ticket_of
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.catalogue import Catalogue
from bot.domain.evaluation import Evaluation
from bot.domain.events import GENESIS, Event
from bot.domain.masking import mask
from bot.domain.ticket import Sensitivity, Ticket

Row = Sequence[str | int | None]
Sheets = dict[str, list[Row]]

WITHHELD = "〔敏感件，内容不导出〕"
NOT_QUOTED = "〔受限件，不引用原话〕"
UNSHOWN = "〔不公开；核对用 jiehu ledger verify〕"
LONGEST_CELL = 32_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
REGISTER = (
    *("编号", "登记时间", "街道", "社区", "事项编码", "事项", "级别", "方式", "阶段", "敏感性", "内容", "位置"),
    *(
        "责任单位",
        "轮次",
        "派单时间",
        "签收截止",
        "签收时间",
        "处置截止",
        "时限暂定",
        "回告时间",
        "回告",
        "评价",
        "结束时间",
    ),
)
PARTS = ("单位", "代码", "状态", "轮次", "派单时间", "签收截止", "签收时间", "处置截止", "时限暂定", "回告时间", "回告")
HISTORY = ("序号", "时间", "事件", "单位", "经办", "说明")
PROOF = ("序号", "记录（参与计算的原文）", "前一哈希", "哈希")
WIDEST_COLUMN, LINE_HEIGHT, HIGHEST_ROW = 36, 17, 400
ANSWERED = frozenset({AssignmentState.REPORTED, AssignmentState.ACCEPTED})
HOW_TO_PROVE = (
    "哈希 = SHA-256（前一哈希 + 记录），首条的前一哈希为64个0；原话不在链内，链内只有加盐摘要。谁评价的不公开。"
)


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Where to write; an old file is replaced.")],
    case: Annotated[str, typer.Option(metavar="CODE", help="The whole file of this one ticket.")] = "",
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write the register (台账), a sheet a month, or with --case one ticket's file (呼叫单) with its proof."""
    if file.suffix.lower() != ".xlsx":
        raise Refused(f"{file} does not end in .xlsx.")
    sheets = run(_case_file(config, case.upper()) if case else _register(config))
    _write(file, sheets)
    count = sum(len(rows) - 1 for rows in sheets.values())
    typer.echo(
        json.dumps({"file": str(file), "sheets": list(sheets), "rows": count}, ensure_ascii=False)
        if as_json
        else f"{count} row(s) in {file}."
    )


async def _register(config_file: Path | None) -> Sheets:
    async with opened(config_file) as work, work.store.read() as uow:
        writer = _Writer(await catalogue_in_force(uow, work.config), work.config.zone)
        sheets: Sheets = {}
        cases = await cases_of(uow, await uow.tickets.listed(limit=ALL))
        for month, some in groupby(cases, key=lambda case: f"{writer.local(case.ticket.created_at):%Y-%m}"):
            rows = [writer.register_row(case, await uow.evaluations.of_ticket(case.ticket.id)) for case in some]
            sheets[month] = [REGISTER, *rows]
        return sheets or {"台账": [REGISTER]}


async def _case_file(config_file: Path | None, code: str) -> Sheets:
    async with opened(config_file) as work, work.store.read() as uow:
        ticket = await ticket_of(uow, code)
        writer = _Writer(await catalogue_in_force(uow, work.config), work.config.zone)
        case = await load_case(uow, ticket.id)
        events = await uow.events.of_ticket(ticket.id)
        texts = await uow.events.texts_of(ticket.id)
        row = writer.register_row(case, await uow.evaluations.of_ticket(ticket.id))
        return {
            "呼叫单": [("栏目", "内容"), *zip(REGISTER, row, strict=True)],
            "办理": [PARTS, *(writer.part_row(case, number) for number in range(len(case.assignments)))],
            "过程": [HISTORY, *writer.history(case, events, texts, await _actors(uow, ticket, events))],
            "凭证": [PROOF, *writer.proof(ticket, events), ("", HOW_TO_PROVE)],
        }


async def _actors(uow: UnitOfWork, ticket: Ticket, events: Sequence[Event]) -> Mapping[int, str]:
    """Who did each event, by its number: no resident is named, nor who reported, nor who judged whom."""
    names: dict[int | None, str] = {None: "系统"}
    nameless: dict[int | None, str] = {ticket.reporter_id: "上报人"}
    for number in {event.actor_id for event in events if event.actor_id is not None}:
        person = await uow.people.get(number)
        names[number] = person.known_as if person else str(number)
        if not await uow.people.grants(number):
            nameless.setdefault(number, "居民")
    judged = {event.at for event in events if event.kind in words.JUDGING}
    told: dict[int, str] = {}
    for event in events:
        told[event.seq] = names[event.actor_id]
        if event.at in judged and event.actor_id is not None:
            told[event.seq] = "评价人"
        elif event.kind not in words.OF_UNITS:
            told[event.seq] = nameless.get(event.actor_id, names[event.actor_id])
    return told


class _Writer:
    """Turns domain values into rows; nothing leaves it unmasked."""

    def __init__(self, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self._catalogue = catalogue
        self._zone = zone

    def local(self, moment: datetime) -> datetime:
        """District time."""
        return moment.astimezone(self._zone)

    def time(self, moment: datetime | None) -> str:
        """To the minute; empty if there is none."""
        return f"{self.local(moment):%Y-%m-%d %H:%M}" if moment else ""

    def register_row(self, case: Case, evaluations: Sequence[Evaluation]) -> Row:
        """One line of the register."""
        ticket, lead = case.ticket, case.lead
        name = self._catalogue.party_name
        number = list(case.assignments).index(lead) if lead else None
        part = self.part_row(case, number) if number is not None else ("",) * len(PARTS)
        verdicts = [words.VERDICTS[one.verdict] if one.verdict else "未评价" for one in evaluations]
        return (
            *(ticket.code, self.time(ticket.created_at), name(ticket.street), name(ticket.community)),
            *(*self._item(ticket), ticket.level.value, words.MODES[ticket.mode], words.STAGES[case.stage]),
            *(words.SENSITIVITIES[ticket.sensitivity], _text(ticket, ticket.text), _place(ticket)),
            *(part[0], *part[3:], words.BETWEEN.join(verdicts), self.time(ticket.ended_at)),
        )

    def _item(self, ticket: Ticket) -> tuple[str, str]:
        """Code and name; of a sensitive matter only the domain, as its unit's group sees it."""
        if ticket.sensitivity is not Sensitivity.SENSITIVE:
            return ticket.item, ticket.item_name if ticket.item else mask(ticket.item_name)  # what follows an emergency
        item = self._catalogue.items.get(ticket.item)
        return "", item.domain if item else WITHHELD

    def part_row(self, case: Case, number: int) -> Row:
        """One assignment."""
        part = case.assignments[number]
        return (
            *(self._catalogue.party_name(part.assignee.code), part.assignee.code, words.STATES[part.state], part.round),
            *(self.time(part.dispatched_at), self.time(part.sign_due_at), self.time(part.signed_at)),
            *(self.time(part.due_at), "暂定" if part.provisional else "", self._reported(part)),
            _text(case.ticket, part.report_text),
        )

    def _reported(self, part: Assignment) -> str:
        """When this round was answered; what an earlier one answered stands in the history."""
        return self.time(part.reported_at) if part.state in ANSWERED else ""

    def history(
        self, case: Case, events: Iterable[Event], texts: Mapping[tuple[int, str], str], names: Mapping[int, str]
    ) -> Iterable[Row]:
        """One line for each event, as a person reads it."""
        units = {part.id: part.assignee.code for part in case.assignments}
        for event in events:
            detail = json.loads(event.body)["detail"]
            unit = str(detail.get("party") or units.get(_assignment_of(detail), ""))
            facts = facts_of(event.kind, detail, self._catalogue.party_name, self.time)
            said = [text for (seq, name), text in sorted(texts.items()) if seq == event.seq and name in words.SAID]
            note = "；".join(dict.fromkeys(filter(None, [facts, *(_text(case.ticket, text) for text in said)])))
            party = self._catalogue.party_name(unit) if unit else ""
            yield event.seq, self.time(event.at), words.EVENTS[event.kind], party, names[event.seq], note

    def proof(self, ticket: Ticket, events: Sequence[Event]) -> Iterable[Row]:
        """What is hashed of each event and both hashes; no record that names a sensitive item, or who judged."""
        previous = GENESIS
        judged = {event.at for event in events if event.kind in words.JUDGING}
        for event in events:
            hidden = ticket.sensitivity is Sensitivity.SENSITIVE or event.at in judged
            yield event.seq, UNSHOWN if hidden else event.body, previous, event.hash
            previous = event.hash


def _assignment_of(detail: Mapping[str, Any]) -> int:
    step = detail.get("id") if detail.get("subject") == SubjectKind.ASSIGNMENT else None
    return int(detail.get("assignment") or step or 0)


def _text(ticket: Ticket, text: str) -> str:
    if not text:
        return ""
    if ticket.sensitivity is Sensitivity.SENSITIVE:
        return WITHHELD
    return NOT_QUOTED if ticket.sensitivity is Sensitivity.LIMITED else mask(text)


def _place(ticket: Ticket) -> str:
    return WITHHELD if ticket.place and ticket.sensitivity is Sensitivity.SENSITIVE else mask(ticket.place)


def harmless(value: str | int | None) -> str | int | None:
    """What a spreadsheet takes as words and never as a formula; without control characters, at most 32,000 long."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    return f"'{clean}" if clean.startswith(FORMULA_STARTS) else clean


def _width(value: object) -> int:
    """How wide the words stand, a Chinese sign being two wide."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(value or ""))


def _write(file: Path, sheets: Sheets) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for number, (title, rows) in enumerate(sheets.items()):
        sheet: Any = book.active if number == 0 else book.create_sheet()
        sheet.title = title
        for row in rows:
            sheet.append([harmless(value) for value in row])
        _arrange(sheet)
        _for_print(sheet)
    half = file.with_name(f"{file.name}.half")
    book.save(half)
    half.replace(file)


def _arrange(sheet: Any) -> None:
    """Headings that stay, columns as wide as their words, rows as high as theirs: not every program does the last."""
    from openpyxl.styles import Alignment, Border, Font, Side

    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    line = Side(style="thin", color="BFBFBF")
    heights: dict[int, int] = {}
    for column in sheet.columns:
        width = min(max(_width(cell.value) for cell in column), WIDEST_COLUMN) + 2
        sheet.column_dimensions[column[0].column_letter].width = width
        for cell in column:
            cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            heights[cell.row] = max(heights.get(cell.row, 1), _lines(cell.value, width))
    for row, lines in heights.items():
        sheet.row_dimensions[row].height = min(lines * LINE_HEIGHT, HIGHEST_ROW)
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def _lines(value: object, width: int) -> int:
    """How many lines the words take in a column of that width."""
    return sum(max(1, -(-_width(line) // (width - 2))) for line in str(value or "").split("\n"))


def _for_print(sheet: Any) -> None:
    """Across the paper, as wide as that is, with the headings on each page; many columns take the larger sheet."""
    many = sheet.max_column > len(PARTS)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if many else sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = "&A　&P/&N"
