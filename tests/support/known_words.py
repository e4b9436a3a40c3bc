"""An interpreter that is told what certain messages mean; everything else is read by `PlainWords`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nlu.types import Act, Context, Decision, Entity, EntityKind, Flag, Interpretation, ItemGuess
from tests.support.plain_words import SENTENCES, PlainWords

ORDINARY = ("SZ-04", "SR-10")
"""What a message may also mean."""

HOME = Entity(EntityKind.COMMUNITY, "柳荫路", 0, 3, "JL0101")
"""Every known message happens there."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`item` with `confidence`; below one half it is the second guess only and the first is an ordinary item."""

    item: str = ""
    confidence: float = 0.95
    flags: frozenset[Flag] = frozenset()


class KnownWords:
    """`Interpreter` for messages that contain one of the known texts."""

    name = "known-words"

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = dict(meanings)
        self._plain = PlainWords()

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """A unit's sentence stays what it is, whatever follows it."""
        read = await self._plain.interpret(text, context)
        meaning = next((meaning for known, meaning in self._meanings.items() if known in text), None)
        if meaning is None or any(text.startswith(words) for words in SENTENCES):
            return read
        items = _guesses(meaning)
        sure = items[0].confidence >= 0.5
        decision = Decision.ACCEPT if sure else Decision.CLARIFY
        known = {"act_confidence": 0.99, "decision": decision, "items": items, "flags": meaning.flags}
        return replace(read, act=Act.REPORT, entities=(*read.entities, HOME), **known)

    async def close(self) -> None:
        """Nothing is open."""


def _guesses(meaning: Meaning) -> tuple[ItemGuess, ...]:
    others = tuple(ItemGuess(code, 0.01) for code in ORDINARY)
    if not meaning.item:
        return others
    if meaning.confidence >= 0.5:
        return (ItemGuess(meaning.item, meaning.confidence), *others)
    return (ItemGuess(ORDINARY[0], 0.4), ItemGuess(meaning.item, meaning.confidence), ItemGuess(ORDINARY[1], 0.1))
