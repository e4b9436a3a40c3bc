"""Examples to learn from: Rasa's YAML files, and the official list's own text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.backend import OUTSIDE, ListItem
from nlu.types import Act, Flag

LIST_SOURCE = "list"
TITLE_SOURCE = "title"
MADE = frozenset({LIST_SOURCE, TITLE_SOURCE})
_REPORT = "report_"
COUNTERPART = "no_"
_CLAUSE = re.compile(r"[；。]")
_PHRASE = re.compile(r"[；。，、]")
_CODE = re.compile(r"[A-Z]{2,4}-\d{2,3}")
_SHORTEST_PHRASE = 4
_TITLES_PER_ITEM = 12
_TITLES = (
    "关于{}的投诉", "反映{}的问题", "建议解决{}问题", "咨询{}", "{}何时解决", "请求处理{}", "{}，无人管",
    "举报{}", "请问{}怎么办", "求助：{}", "对{}的几点建议", "{}严重扰民", "投诉{}",
)  # fmt: skip
_FLAG_INTENTS = frozenset(prefix + flag.value for flag in Flag for prefix in ("", COUNTERPART))


class BadTrainingFile(Exception):
    """A training file cannot be read as Rasa YAML; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its intent (`report_SZ-03`, an act, `accusation`, `no_danger`, …) and the file it is from."""

    text: str
    intent: str
    source: str

    @property
    def item(self) -> str | None:
        """The item's code, for reports of an item."""
        return self.intent.removeprefix(_REPORT) if _is_report(self.intent) else None

    @property
    def is_outside(self) -> bool:
        """Whether it is a report that no item of the list fits."""
        return self.intent == OUTSIDE

    @property
    def act(self) -> Act | None:
        """The act; None for flags, which are reports or not by themselves."""
        if self.item is not None or self.is_outside:
            return Act.REPORT
        return None if self.intent in _FLAG_INTENTS else Act(self.intent)


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
    known = {act.value for act in Act} | _FLAG_INTENTS | {OUTSIDE}
    for intent, lines in blocks:
        if not _is_report(intent) and intent not in known:
            raise BadTrainingFile(f"{path.name}: unknown intent {intent!r}")
        for line in lines.splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Example(text, intent, path.name)


def _is_report(intent: str) -> bool:
    return intent.startswith(_REPORT) and intent != Act.REPORT_BACK.value


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


def titles_from_list(items: Sequence[ListItem]) -> Iterator[Example]:
    """What the list names, in the dry form that people give to the titles of their letters."""
    for item in items:
        phrases = [phrase for phrase in _PHRASE.split(item.scope) if len(phrase) >= _SHORTEST_PHRASE]
        for n, phrase in enumerate((item.name, *phrases)[:_TITLES_PER_ITEM]):
            form = _TITLES[(zlib.crc32(phrase.encode()) + n) % len(_TITLES)]
            yield Example(form.format(phrase), _REPORT + item.code, TITLE_SOURCE)
