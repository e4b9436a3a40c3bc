"""One CSV file of the list: rows with their lines, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.domain.limits import InvalidLimit, parse_limit

Word = TypeVar("Word", bound=StrEnum)
Row = dict[str, str]


class Table:
    """The rows of one file by line number; mistakes gather in it until all files have been read."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.name = path.name
        self.rows: list[tuple[int, Row]] = []
        self.lines: dict[str, int] = {}
        self._mistakes: list[tuple[int, str]] = []
        try:
            self._read(path.read_text(encoding="utf-8-sig"), columns)
        except FileNotFoundError:
            self.say(1, f"there is no file {path}")
        except (OSError, UnicodeDecodeError):
            self.say(1, "the file cannot be read as UTF-8 text")

    @property
    def is_readable(self) -> bool:
        """Whether there is anything to compare the other files with."""
        return bool(self.rows)

    def say(self, line: int, words: str) -> None:
        """Notes a mistake in that line, a sentence without its full stop."""
        self._mistakes.append((line, words))

    def say_of(self, code: str, words: str) -> None:
        """Notes a mistake in the line of that code."""
        self.say(self.lines.get(code, 1), words)

    def sentences(self) -> Iterator[str]:
        """The mistakes in the order of the file."""
        for line, words in sorted(self._mistakes):
            yield f"{self.name}, line {line}: {words}."

    def keyed(self, column: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str, Row]]:
        """Rows by their own code; an odd or repeated code is a mistake and its row left out."""
        for line, row in self.rows:
            code = row[column]
            if not pattern.fullmatch(code):
                self.say(line, f"{column} “{code}” is no code")
            elif code in self.lines:
                self.say(line, f"the code {code} is given twice, first in line {self.lines[code]}")
            else:
                self.lines[code] = line
                yield line, code, row

    def _read(self, text: str, columns: Sequence[str]) -> None:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        heading = list(reader.fieldnames or [])
        if missing := [column for column in columns if column not in heading]:
            self.say(1, f"the heading lacks {', '.join(missing)}")
            return
        for row in reader:
            if None in row or None in row.values():
                self.say(reader.line_num, f"the row has not the {len(heading)} fields of the heading")
            else:
                self.rows.append((reader.line_num, {name: value.strip() for name, value in row.items()}))
        if not self.rows and not self._mistakes:
            self.say(1, "the file has no rows")


def several(text: str) -> tuple[str, ...]:
    """What stands between the bars of `A|B`."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def whole_number(table: Table, line: int, row: Row, column: str) -> int:
    """The number in that column; a mistake and 0 where there is none."""
    if row[column].isascii() and row[column].isdigit():
        return int(row[column])
    table.say(line, f"{column} “{row[column]}” is no whole number")
    return 0


def yes(table: Table, line: int, row: Row, column: str) -> bool:
    """Whether the column says Y; anything but Y and N is a mistake."""
    if row[column] not in {"Y", "N"}:
        table.say(line, f"{column} “{row[column]}” is neither Y nor N")
    return row[column] == "Y"


def word(table: Table, line: int, row: Row, column: str, otherwise: Word) -> Word:
    """The member of the closed set that `otherwise` belongs to; a mistake and `otherwise` for another word."""
    words = type(otherwise)
    try:
        return words(row[column])
    except ValueError:
        table.say(line, f"{column} “{row[column]}” is none of {', '.join(words)}")
        return otherwise


def limit(table: Table, line: int, row: Row, column: str) -> str:
    """The limit in its one spelling; a mistake where it is none."""
    try:
        return str(parse_limit(row[column]))
    except InvalidLimit:
        table.say(line, f"{column} “{row[column]}” is no limit such as 2工作时 or 3工作日")
        return row[column]
