"""Which released examples are in service: one page beside the models, and a folder for each set of examples.

The page names a set of examples, never a model: the model follows from list, data, code and that set, so that a newer
program or a newer list trains with what had been found good, and an older set can be returned to.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import yaml

NONE = ""
_PAGE = "in-service.json"
_FILE = "released.yml"


@dataclass(frozen=True, slots=True)
class InService:
    """The set in service, those before it (newest last), and those that were taken back and must not return."""

    examples: str = NONE
    before: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()

    def followed_by(self, examples: str) -> InService:
        """The same with a newer set in service."""
        if examples == self.examples:
            return self
        return replace(self, examples=examples, before=(*self.before, self.examples))

    def rolled_back(self) -> InService:
        """The set before in service again; there must be one."""
        *earlier, last = self.before
        return InService(last, tuple(earlier), (*self.taken_back, self.examples))


def read_in_service(models: Path) -> InService:
    """What the page beside the models says; without one, nothing that was released is in service."""
    try:
        page = json.loads((models / _PAGE).read_text(encoding="utf-8"))
        return InService(str(page["examples"]), tuple(page["before"]), tuple(page["taken_back"]))
    except FileNotFoundError:
        return InService()
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"{models / _PAGE} is damaged") from error


def write_in_service(models: Path, page: InService) -> None:
    """From now on; whoever reads at the same moment sees the old page or the new one."""
    models.mkdir(parents=True, exist_ok=True)
    replaced = folder_of(models, read_in_service(models).examples)
    if replaced is not None and replaced.is_dir():
        os.utime(replaced)  # its retention counts from here
    partial = models / f"{_PAGE}.{os.getpid()}"
    partial.write_text(json.dumps(asdict(page), indent=1), encoding="utf-8")
    partial.replace(models / _PAGE)


def folder_of(models: Path, examples: str) -> Path | None:
    """Where that set of examples lies; None for the empty set."""
    return models.with_name("examples") / examples if examples != NONE else None


def forget_replaced(models: Path, before: float) -> int:
    """Removes the sets that have not been in service since `before` (real time in seconds); how many."""
    page = read_in_service(models)
    there = [folder for folder in models.with_name("examples").glob("*") if folder.is_dir()]
    old = [folder for folder in there if folder.name != page.examples and folder.stat().st_mtime < before]
    for folder in old:
        shutil.rmtree(folder)
    gone = {folder.name for folder in old}
    if gone & set(page.before):
        write_in_service(models, replace(page, before=tuple(name for name in page.before if name not in gone)))
    return len(old)


def keep_examples(models: Path, examples: Iterable[tuple[str, str]]) -> str:
    """Writes pairs of intent and text as a training file of their own; the name of the set."""
    by_intent: dict[str, list[str]] = {}
    for intent, text in sorted(set(examples)):
        by_intent.setdefault(intent, []).append(" ".join(text.split()))
    if not by_intent:
        return NONE
    blocks = [{"intent": name, "examples": "".join(f"- {one}\n" for one in texts)} for name, texts in by_intent.items()]
    page = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False, width=1000)
    name = hashlib.sha256(page.encode()).hexdigest()[:12]
    folder = folder_of(models, name)
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_text(page, encoding="utf-8")
    return name
