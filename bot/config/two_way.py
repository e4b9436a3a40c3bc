"""What departments may ask of streets: the list's file, and who admits what is not on it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from bot.config.sections import LimitText, Section, Words
from bot.domain.limits import InvalidLimit, parse_limit
from bot.domain.street_call import StreetItem

COLUMNS = ("code", "name", "scope", "departments", "sign_limit", "handle_limit", "clause")


class TwoWaySection(Section):
    """`approvers` are groups of which one is enough, all its members together: `list_office`, `hub`,
    `district_leader` or a department's code. Without a file nothing is on the list.
    """

    items: Path | None = None
    clause: str = ""
    admitted_name: Words = "经准入的临时事项"
    approvers: tuple[Annotated[tuple[Words, ...], Field(min_length=1)], ...] = ()
    card_limit: LimitText = "1工作日"
    approval_limit: LimitText = "5工作日"

    @model_validator(mode="after")
    def _readable(self) -> TwoWaySection:
        self.street_items()
        return self

    def street_items(self) -> Mapping[str, StreetItem]:
        """The list by code; raises `ValueError` with one sentence."""
        if self.items is None:
            return {}
        try:
            with self.items.open(encoding="utf-8-sig", newline="") as lines:
                rows = list(csv.DictReader(lines))
        except OSError:
            raise ValueError(f"names {self.items}, which cannot be read") from None
        return {item.code: item for number, row in enumerate(rows, 2) for item in [self._item(number, row)]}

    def _item(self, line: int, row: Mapping[str, str]) -> StreetItem:
        where = f"{self.items.name if self.items else ''}, line {line}"
        if set(row) != set(COLUMNS) or not row["code"] or not row["name"]:
            raise ValueError(f"names a file of which {where} has not the columns {', '.join(COLUMNS)}")
        for limit in (row["sign_limit"], row["handle_limit"]):
            try:
                parse_limit(limit)
            except InvalidLimit:
                raise ValueError(f"names a file of which {where} has “{limit}”, which is no limit") from None
        departments = tuple(code for code in row["departments"].split("|") if code)
        return StreetItem(
            row["code"], row["name"], row["scope"], departments, row["sign_limit"], row["handle_limit"], row["clause"]
        )
