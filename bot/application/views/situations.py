"""The one message of an emergency in each chat, edited in place."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card
from bot.application.views.view import View, rows
from bot.application.ways.emergency import subject_of, summary
from bot.domain.chat import ChatKind
from bot.domain.masking import mask_people
from bot.domain.permissions import Action
from bot.domain.situation import Entry, EntryKind, SituationState, parties_that

NEWEST, NAMED, LINE = 2, 6, 80
DECIDING = frozenset({ChatKind.HUB, ChatKind.LEADERS, ChatKind.PRIVATE})


async def situation_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View | None:
    """What it is, who has answered, who is there, the newest of the log, and how many cases there are."""
    situation = await uow.situations.get(card.subject.id)
    if situation is None:
        return None
    chat = await uow.chats.get(card.chat_id)
    entries = await uow.situations.entries(situation.id)
    name = district.catalogue.party_name
    there = {kind: [name(code) for code in parties_that(kind, entries)] for kind in EntryKind}
    here = list(dict.fromkeys([*there[EntryKind.MUSTERED], *there[EntryKind.ARRIVED]]))  # who is there has received it
    written = [entry for entry in entries if entry.text]
    params = await summary(uow, district, situation) | {
        "standing": str(situation.state),
        "mustered": here[:NAMED],
        "mustered_count": len(here),
        "arrived": there[EntryKind.ARRIVED][:NAMED],
        "arrived_count": len(there[EntryKind.ARRIVED]),
        "newest": [_line(district, entry) for entry in written[-NEWEST:]],
    }
    subject = subject_of(situation)
    if situation.state is SituationState.PROPOSED:
        declare = Button("button-declare", Action.DECLARE, subject, arg="yes")
        return View(
            "situation-proposed", params, rows([declare, Button("button-drop", Action.DECLARE, subject, arg="no")])
        )
    if situation.state is not SituationState.ACTIVE:
        return View("situation-card", params)
    answers = [
        Button("button-mustered", Action.ANSWER_CALL, subject, arg=str(EntryKind.MUSTERED)),
        Button("button-arrived", Action.ANSWER_CALL, subject, arg=str(EntryKind.ARRIVED)),
        Button("button-note", Action.ANSWER_CALL, subject, arg=str(EntryKind.NOTED)),
    ]
    over = Button("button-end-situation", Action.DECLARE, subject, arg="end")
    return View("situation-card", params, rows(answers, [over if chat and chat.kind in DECIDING else None]))


def _line(district: District, entry: Entry) -> dict[str, object]:
    words = "" if entry.hidden else mask_people(entry.text).replace("\n", " ")
    shown = words if len(words) <= LINE else words[: LINE - 1] + "…"
    return {"at": entry.at, "party": district.catalogue.party_name(entry.party), "text": shown}
