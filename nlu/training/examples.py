"""Examples to learn from: Rasa's YAML files, and the official list's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.backend import ListItem
from nlu.types import Act, Flag

LIST_SOURCE = "list"
_REPORT = "report_"
_CLAUSE = re.compile(r"[；。]")
_PHRASE = re.compile(r"[；。，、]")
_CODE = re.compile(r"[A-Z]{2,4}-\d{2,3}")
_SHORTEST_PHRASE = 4


class BadTrainingFile(Exception):
    """A training file cannot be read as Rasa YAML; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its intent (`report_SZ-03`, an act's name, `accusation`, `danger`) and the file it is from."""

    text: str
    intent: str
    source: str

    @property
    def item(self) -> str | None:
        """The item's code, for reports of an item."""
        return self.intent.removeprefix(_REPORT) if self.intent.startswith(_REPORT) else None

    @property
    def act(self) -> Act | None:
        """The act; None for flags, which are reports or not by themselves."""
        if self.item is not None:
            return Act.REPORT
        return None if self.intent in {flag.value for flag in Flag} else Act(self.intent)


def read_folder(folder: Path) -> list[Example]:
    """All examples of all `*.yml` in the folder, in the order of file names; raises BadTrainingFile."""
    return [example for path in sorted(folder.glob("*.yml")) for example in read_file(path)]


def read_file(path: Path) -> Iterator[Example]:
    """The examples of one file; raises BadTrainingFile."""
    try:
        page = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        blocks = [(str(block["intent"]), str(block["examples"])) for block in page["nlu"]]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise BadTrainingFile(f"{path.name}: {error}") from error
    known = {act.value for act in Act} | {flag.value for flag in Flag}
    for intent, lines in blocks:
        if not intent.startswith(_REPORT) and intent not in known:
            raise BadTrainingFile(f"{path.name}: unknown intent {intent!r}")
        for line in lines.splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Example(text, intent, path.name)


def from_list(items: Sequence[ListItem]) -> Iterator[Example]:
    """What the list itself says of each item; a border `X→CODE` is an example of CODE."""
    codes = {item.code for item in items}
    for item in items:
        texts = [item.name, f"{item.name}：{item.scope}", *_CLAUSE.split(item.scope)]
        texts += [phrase for phrase in _PHRASE.split(item.scope) if len(phrase) >= _SHORTEST_PHRASE]
        for text in dict.fromkeys(text.strip() for text in texts):
            if text:
                yield Example(text, _REPORT + item.code, LIST_SOURCE)
        for clause in _CLAUSE.split(item.out_of_scope):
            text, _, target = clause.partition("→")
            for code in _CODE.findall(target):
                if code in codes:
                    yield Example(text.strip(), _REPORT + code, LIST_SOURCE)
