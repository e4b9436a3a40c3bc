"""Mistakes in the training data that make a model worse without anybody noticing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nlu.backend import ListItem
from nlu.local.ngrams import grams
from nlu.local.normalise import normalise
from nlu.training.examples import Example, read_folder
from nlu.types import Act

FEWEST = 25
FEWEST_CHATTER = 400
_NEAR = 0.8
_TEMPLATE_SHARE = 0.2
_TEMPLATE_LENGTH = 5
_RARE = 40
_NO_WORD = re.compile(r"[\s\W]+")


class Mistake(StrEnum):
    """What can be wrong with examples."""

    UNKNOWN_ITEM = "unknown_item"
    TOO_FEW = "too_few"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    NEAR_DUPLICATE = "near_duplicate"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: its kind, the intents it concerns, and the text or number that shows it."""

    kind: Mistake
    intents: tuple[str, ...]
    detail: str


def lint(data_dir: Path, items: Sequence[ListItem]) -> list[Finding]:
    """All findings, the most serious kind first; raises BadTrainingFile."""
    examples = read_folder(data_dir)
    return [
        *_unknown_items(examples, items),
        *_too_few(examples, items),
        *_same_text(examples),
        *_near_duplicates(examples),
        *_templates(examples),
    ]


def _unknown_items(examples: Iterable[Example], items: Iterable[ListItem]) -> Iterator[Finding]:
    codes = {item.code for item in items}
    for code in sorted({example.item for example in examples if example.item} - codes):
        yield Finding(Mistake.UNKNOWN_ITEM, (f"report_{code}",), code)


def _too_few(examples: Sequence[Example], items: Iterable[ListItem]) -> Iterator[Finding]:
    counts = Counter(example.item for example in examples)
    for item in items:
        if counts[item.code] < FEWEST:
            yield Finding(Mistake.TOO_FEW, (f"report_{item.code}",), str(counts[item.code]))
    chatter = sum(example.act is Act.CHATTER for example in examples)
    if chatter < FEWEST_CHATTER:
        yield Finding(Mistake.TOO_FEW, (Act.CHATTER.value,), str(chatter))


def _same_text(examples: Iterable[Example]) -> Iterator[Finding]:
    """Flags are questions of their own, so a text may stand under a flag and under an act."""
    intents: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for example in filter(_has_words, examples):
        intents[_bare(example.text), example.act is None].append(example.intent)
    for (text, _), found in intents.items():
        if len(found) > 1:
            kind = Mistake.DUPLICATE if len(set(found)) == 1 else Mistake.CONTRADICTION
            yield Finding(kind, tuple(sorted(set(found))), text)


def _near_duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    """Pairs of different intents that share most of their bigrams; only pairs with a rare bigram in common are tried."""
    acting = [example for example in examples if example.act is not None and _has_words(example)]
    bigrams = [frozenset(gram for gram in grams(_bare(one.text), 2) if len(gram) == 2) for one in acting]
    holders: dict[str, list[int]] = defaultdict(list)
    for n, own in enumerate(bigrams):
        for gram in own:
            holders[gram].append(n)
    pairs = {
        (one, other)
        for found in holders.values()
        if len(found) <= _RARE
        for k, one in enumerate(found)
        for other in found[k + 1 :]
    }
    for one, other in sorted(pairs):
        if acting[one].intent != acting[other].intent and _overlap(bigrams[one], bigrams[other]) >= _NEAR:
            intents = (acting[one].intent, acting[other].intent)
            yield Finding(Mistake.NEAR_DUPLICATE, intents, f"{acting[one].text} / {acting[other].text}")


def _templates(examples: Iterable[Example]) -> Iterator[Finding]:
    """Openings and endings that too many examples of one intent share."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(normalise(example.text))
    for intent, texts in by_intent.items():
        ends = Counter(end for text in texts for end in {text[:_TEMPLATE_LENGTH] + "…", "…" + text[-_TEMPLATE_LENGTH:]})
        for end, n in sorted(ends.items()):
            if n > max(_TEMPLATE_SHARE * len(texts), 3):
                yield Finding(Mistake.TEMPLATE, (intent,), f"{end} ×{n}")


def _has_words(example: Example) -> bool:
    """Emoji and bare marks are all alike here."""
    return bool(_bare(example.text))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _bare(text: str) -> str:
    return _NO_WORD.sub("", normalise(text))
