"""A leader's one sentence, read: to whom, within what limit, or that people meet. Shown back before it goes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.domain.naming import names_in, parties_in
from bot.domain.party import Party, PartyKind
from bot.domain.spoken_limits import limit_said

_MEET = re.compile("开个?会|协调会|碰头|会商|联席|坐下来|议一议|研究一下")
_LEADS = re.compile("牵头|主办|负责")
_ACTS = re.compile("(?:、[^，,。；;]*)?(?:牵头|主办|负责|配合|协助|参加|做|办)")
MOST_PARTIES = 6


@dataclass(frozen=True, slots=True)
class Order:
    """`parties` with who leads first; `limit` is empty where nothing was said and the list's own holds."""

    parties: tuple[Party, ...]
    limit: str
    meets: bool

    @property
    def is_clear(self) -> bool:
        """Whether something can be done with it."""
        return self.meets or bool(self.parties)


def read_order(text: str, catalogue: Catalogue, street: str) -> Order:
    """The unit that `牵头` follows leads, else the first one named; the calling street is a party only if it is told to do something."""
    said = limit_said(text)
    found = list(parties_in(catalogue, text, street))
    leading = _leading(text, catalogue, street)
    if leading in found:
        found.remove(leading)
        found.insert(0, leading)
    calling = Party(PartyKind.STREET, street)
    if calling in found and not _takes_part(text, catalogue, street):
        found.remove(calling)
    return Order(tuple(found[:MOST_PARTIES]), str(said.limit) if said else "", bool(_MEET.search(text)))


def _takes_part(text: str, catalogue: Catalogue, street: str) -> bool:
    """`望澜这件请市政中心办` names the street as the place, `望澜街道配合` as one that acts."""
    own = [named for named in names_in(catalogue, text) if named.code == street]
    return any(_ACTS.match(text[named.end :]) for named in own)


def _leading(text: str, catalogue: Catalogue, street: str) -> Party | None:
    lead = _LEADS.search(text)
    if lead is None:
        return None
    before = [named for named in names_in(catalogue, text) if named.end <= lead.start()]
    if not before:
        return None
    near = parties_in(catalogue, text[before[-1].start : before[-1].end], street)
    return near[0] if near else None
