"""Two lessons compared: which model understands more of the messages that neither has seen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nlu.backend import ListItem
from nlu.entities.district import PlaceName
from nlu.evaluation.metrics import listed, share
from nlu.evaluation.rows import Answer, Row
from nlu.local import LocalInterpreter
from nlu.training.examples import Example
from nlu.training.lesson import Lesson
from nlu.training.train import ensure_model
from nlu.types import Act, Context

BY_CHANCE = 0.005
"""The share of messages by which two equally good models differ: five of a thousand."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one model made of the held-back part; shares are 0..1, NaN where nothing was to be counted."""

    n: int
    right: int
    act_accuracy: float
    item_top1: float
    item_top3: float

    def as_json(self) -> dict[str, float | None]:
        """The figures by name; null where there was nothing to count."""
        return {name: None if math.isnan(value) else round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two standings over the same messages."""

    new: Standing
    in_service: Standing

    @property
    def is_worse(self) -> bool:
        """Whether the new model understands fewer of them, by more than the few that go either way by chance."""
        return self.in_service.right - self.new.right > BY_CHANCE * self.new.n


@dataclass(frozen=True, slots=True)
class Exam:
    """Models for this list, kept in that folder, are asked what they have not seen."""

    items: Sequence[ListItem]
    places: Sequence[PlaceName]
    models: Path

    def compare(self, new: Lesson, in_service: Lesson) -> Compared:
        """Both learn without the held-back part and are asked that of the lesson in service; raises BadTrainingFile.

        What is newly released is not asked: whoever released nonsense would be told that it is understood well.
        """
        rows = rows_of(in_service.held_back(), (item.code for item in self.items))
        return Compared(*(standing_of(self.answers(lesson, rows)) for lesson in (new, in_service)))

    def answers(self, lesson: Lesson, rows: Sequence[Row] | None = None) -> list[Answer]:
        """What a model that has not seen them makes of the rows, by default of the lesson's own held-back part."""
        asked = rows if rows is not None else rows_of(lesson.held_back(), (item.code for item in self.items))
        unseen = Lesson(lesson.data, lesson.released, holds_back=True)
        model = LocalInterpreter.load(ensure_model(self.items, self.places, unseen, self.models))
        return [Answer(row, model.read(row.text, Context()), 0.0) for row in asked]


def rows_of(examples: Iterable[Example], codes: Iterable[str]) -> list[Row]:
    """Examples as questions, each text once; what is about an item that the list no longer has is left out."""
    known = frozenset(codes)
    rows: dict[str, Row] = {}
    for example in examples:
        if example.act is not None and (example.item is None or example.item in known):
            rows[example.text] = Row(example.text, example.act, frozenset([example.item] if example.item else []))
    return list(rows.values())


def is_right(answer: Answer) -> bool:
    """The act is right, and where the message is about an item, the first item too."""
    if answer.got.act is not answer.row.act:
        return False
    return answer.row.act is not Act.REPORT or answer.row.is_outside or answer.first in answer.row.one_of


def standing_of(answers: Sequence[Answer]) -> Standing:
    """The figures of one model."""
    return Standing(
        n=len(answers),
        right=sum(map(is_right, answers)),
        act_accuracy=share(answers, lambda answer: answer.got.act is answer.row.act),
        item_top1=share(listed(answers), lambda answer: answer.has_item_within(1)),
        item_top3=share(listed(answers), lambda answer: answer.has_item_within(3)),
    )
