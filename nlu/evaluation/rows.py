"""What an evaluation compares: expected rows from a CSV file, and what a backend answered to them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from nlu.types import Act, Interpretation


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its act and items: `one_of` any is right, `both` for two problems, neither: none fits."""

    text: str
    act: Act
    one_of: frozenset[str] = frozenset()
    both: frozenset[str] = frozenset()

    @property
    def is_outside(self) -> bool:
        """A report that no item of the list fits."""
        return self.act is Act.REPORT and not self.one_of and not self.both


@dataclass(frozen=True, slots=True)
class Answer:
    """What was expected, what was understood, and how long that took."""

    row: Row
    got: Interpretation
    seconds: float

    @property
    def first(self) -> str | None:
        """The code of the first item, if there is one."""
        return self.got.items[0].code if self.got.items else None

    def has_item_within(self, rank: int) -> bool:
        """Whether a right item is among the first `rank`, whatever act the message was taken for."""
        return any(guess.code in self.row.one_of for guess in self.got.items[:rank])


def read_rows(path: Path) -> list[Row]:
    """Rows of a CSV file with the columns `text,act,item`; raises ValueError naming the line that is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_row(line, number) for number, line in enumerate(csv.DictReader(lines), start=2)]


def _row(line: dict[str, str], number: int) -> Row:
    try:
        text, act, item = line["text"], Act(line["act"]), line["item"] or ""
    except (KeyError, ValueError) as error:
        raise ValueError(f"line {number}: {error}") from error
    if "+" in item:
        return Row(text, act, both=frozenset(item.split("+")))
    return Row(text, act, one_of=frozenset(code for code in item.split("|") if code))
