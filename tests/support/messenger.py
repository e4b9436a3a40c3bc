"""A messenger that only remembers: the port of delivery without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.delivery.sender import (
    AlbumSent,
    Gone,
    Keys,
    Manner,
    NotModified,
    Outcome,
    Picture,
    Place,
    Removed,
    Sent,
    Words,
)


@dataclass
class Said:
    """A message of the bot as it stands in a chat."""

    chat: int
    id: int
    text: str
    keys: Keys
    new: bool = True


@dataclass
class Messenger:
    """Remembers what stands where; `gone` holds the chats that the bot was thrown out of."""

    said: dict[tuple[int, int], Said] = field(default_factory=dict)
    fresh: list[Said] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    last_id: int = 1000

    def _new(self, place: Place, text: str, keys: Keys) -> Outcome:
        if place.telegram_id in self.gone:
            return Gone("kicked")
        self.last_id += 1
        said = Said(place.telegram_id, self.last_id, text, keys)
        self.said[place.telegram_id, said.id] = said
        self.fresh.append(said)
        return Sent(said.id)

    async def send(self, place: Place, words: Words, keys: Keys, manner: Manner) -> Outcome:
        """A new message."""
        return self._new(place, words.text, keys)

    async def edit(self, place: Place, message_id: int, words: Words, keys: Keys) -> Outcome:
        """Other words in the same message."""
        if place.telegram_id in self.gone:
            return Gone("kicked")
        said = self.said[place.telegram_id, message_id]
        if (said.text, said.keys) == (words.text, keys):
            return NotModified()
        said.text, said.keys = words.text, keys
        return Sent(message_id)

    async def delete(self, place: Place, message_id: int) -> Outcome:
        """It stands there no longer."""
        self.said.pop((place.telegram_id, message_id), None)
        return Removed()

    async def send_pictures(
        self, place: Place, pictures: Sequence[Picture], manner: Manner, *, as_bytes: bool = False
    ) -> Outcome:
        """An album."""
        sent = self._new(place, "(pictures)", ())
        return AlbumSent((sent.message_id,)) if isinstance(sent, Sent) else sent
