"""Which item or act is taken for which: a table, and a picture drawn plainly as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from nlu.evaluation.metrics import listed
from nlu.evaluation.rows import Answer
from nlu.types import Act

NOTHING = "-"
_CELL, _MARGIN, _TOP = 9, 64, 76


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often each expected label was answered with each; the labels are in the order in which they are drawn."""

    title: str
    labels: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]

    def of(self, expected: str) -> int:
        """How often that label was expected."""
        return sum(n for (label, _), n in self.counts.items() if label == expected)

    def mistakes(self) -> list[tuple[str, str, int]]:
        """Expected, answered instead, how often; most often first."""
        wrong = [(one, other, n) for (one, other), n in self.counts.items() if one != other]
        return sorted(wrong, key=lambda row: (-row[2], row[0], row[1]))

    def as_csv(self) -> str:
        """A line for each expected label, a column for each answered one."""
        lines = [",".join(("expected", *self.labels))]
        for expected in self.labels:
            cells = (str(self.counts.get((expected, answered), 0)) for answered in self.labels)
            lines.append(",".join((expected, *cells)))
        return "\n".join(lines) + "\n"

    def as_svg(self) -> str:
        """The same as a picture: a row for what was expected, a column for the answer, darker where it is oftener."""
        size = _CELL * len(self.labels)
        page = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_MARGIN + size + 8}" height="{_TOP + size + 8}" '
            f'font-family="sans-serif" font-size="7">',
            '<rect width="100%" height="100%" fill="#fff"/>',
            f'<text x="4" y="12" font-size="11">{escape(self.title)}</text>',
            f'<rect x="{_MARGIN}" y="{_TOP}" width="{size}" height="{size}" fill="none" stroke="#999"/>',
        ]
        for n, label in enumerate(self.labels):
            at = n * _CELL + _CELL - 2
            page.append(f'<text x="{_MARGIN - 3}" y="{_TOP + at}" text-anchor="end">{escape(label)}</text>')
            turned = f"rotate(-90 {_MARGIN + at} {_TOP - 3})"
            page.append(f'<text x="{_MARGIN + at}" y="{_TOP - 3}" transform="{turned}">{escape(label)}</text>')
        place = {label: n for n, label in enumerate(self.labels)}
        totals = {label: self.of(label) for label in self.labels}
        for (expected, answered), n in sorted(self.counts.items()):
            colour = "#1a6f3c" if expected == answered else "#b3261e"
            x, y = _MARGIN + place[answered] * _CELL, _TOP + place[expected] * _CELL
            page.append(
                f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{colour}" '
                f'fill-opacity="{max(0.15, n / totals[expected]):.2f}">'
                f"<title>{escape(expected)} → {escape(answered)}: {n}</title></rect>"
            )
        return "\n".join([*page, "</svg>"]) + "\n"


def items_of(answers: Sequence[Answer], codes: Sequence[str]) -> Matrix:
    """Listed reports by item; `-` stands for whatever was no report or has no item."""
    counts = Counter((min(answer.row.one_of), _item_in(answer)) for answer in listed(answers))
    labels = (*codes, NOTHING)
    return Matrix("items: expected in rows, understood in columns", labels, counts)


def acts_of(answers: Sequence[Answer]) -> Matrix:
    """All messages by act."""
    counts = Counter((answer.row.act.value, answer.got.act.value) for answer in answers)
    return Matrix("acts: expected in rows, understood in columns", tuple(act.value for act in Act), counts)


def _item_in(answer: Answer) -> str:
    first = answer.first
    if answer.got.act is not Act.REPORT or first is None:
        return NOTHING
    # any right item counts as the one that was expected
    return min(answer.row.one_of) if first in answer.row.one_of else first
