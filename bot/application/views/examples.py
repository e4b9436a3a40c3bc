"""What waits to be released as an example, a page of it, and what was released last."""

from __future__ import annotations

from datetime import datetime

from bot.application.district import District
from bot.application.learning.release_examples import (
    PAGE,
    choices_of,
    page_of,
    released_examples,
    waiting_examples,
)
from bot.application.ports import UnitOfWork
from bot.application.records import Button, Card, Subject, SubjectKind
from bot.application.views.view import View, rows
from bot.domain.correction import Correction, Origin
from bot.domain.masking import mask
from bot.domain.permissions import Action

SHOWN = 80
NUMBERS = "①②③"
LETTERS = "ⒶⒷⒸ"
"""The lines of what waits and of what was released, as many as stand on a page."""


async def examples_view(uow: UnitOfWork, district: District, card: Card, now: datetime) -> View:
    """Three at a time, each with what was understood and what it is; the words are fit for any group."""
    waiting, released = await waiting_examples(uow, district), await released_examples(uow, district)
    if not waiting and not released:
        return View("examples-none")
    pages = max(1, -(-len(waiting) // PAGE))
    page = min(await page_of(uow, card.chat_id), pages - 1)
    shown = waiting[page * PAGE : (page + 1) * PAGE]
    lines = [_line(district, number, one) for number, one in zip(NUMBERS, shown, strict=False)]
    buttons = [_buttons(district, number, one) for number, one in zip(NUMBERS, shown, strict=False)]
    other = Button("button-more-examples", Action.SEE_EXAMPLES, card.subject, arg=str((page + 1) % pages))
    params = {
        "count": len(waiting),
        "page": page + 1,
        "pages": pages,
        "examples": lines,
        "released": [_line(district, letter, one) for letter, one in zip(LETTERS, released, strict=False)],
        "released_count": len(released),
    }
    forget = [
        Button(
            "button-unlearn", Action.DROP_EXAMPLE, Subject(SubjectKind.CORRECTION, one.id), params={"number": letter}
        )
        for letter, one in zip(LETTERS, released, strict=False)
    ]
    return View("examples", params, rows(*buttons, [other if pages > 1 else None], forget))


def _line(district: District, number: str, one: Correction) -> dict[str, object]:
    items = district.catalogue.items
    text = mask(one.text)
    return {
        "number": number,
        "text": text if len(text) <= SHOWN else text[: SHOWN - 1] + "…",
        "origin": str(one.origin),
        "was": items[one.was].name if one.was in items else "",
        "item": items[one.item].name if one.item in items else "",
        "unit": district.catalogue.party_name(one.unit) if one.unit else "",
    }


def _buttons(district: District, number: str, one: Correction) -> list[Button]:
    subject = Subject(SubjectKind.CORRECTION, one.id)
    chosen = choices_of(district, one)
    if len(chosen) > 1:
        named = [
            Button(
                "button-release-as",
                Action.RELEASE_EXAMPLE,
                subject,
                arg=item.code,
                params={"number": number, "name": item.name},
            )
            for item in chosen
        ]
    elif chosen or one.origin is Origin.NOT_A_REPORT:
        arg = chosen[0].code if chosen else ""
        named = [Button("button-release-example", Action.RELEASE_EXAMPLE, subject, arg=arg, params={"number": number})]
    else:
        named = []
    return [*named, Button("button-drop-example", Action.DROP_EXAMPLE, subject, params={"number": number})]
