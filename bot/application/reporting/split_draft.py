"""`分开上报`: words that name several problems become one draft for each, to be confirmed one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.application.district import District
from bot.application.ports import UnitOfWork
from bot.application.records import AttachmentUse
from bot.application.reporting.change_draft import load_open_draft, show_again, show_opened, subject_of
from bot.application.reporting.draft_clock import schedule_draft
from bot.domain.draft import Draft, Problem
from bot.domain.errors import ButtonStale
from bot.domain.people import Actor
from bot.domain.permissions import Action


async def split_draft(
    uow: UnitOfWork, district: District, actor: Actor, draft_id: int, *, now: datetime
) -> list[Draft]:
    """The drafts, the first of them the one that was there; raises `ButtonStale` if it is about one problem only."""
    draft = await load_open_draft(uow, actor, draft_id, Action.SPLIT_DRAFT)
    if len(draft.segments) < 2:
        raise ButtonStale()
    first, *others = draft.segments
    new = [_about(draft, problem, now) for problem in others]
    kept = _about(draft, first, now)
    await uow.drafts.save(kept)
    await show_again(uow, district, kept, now=now)
    return [kept, *[await _open(uow, district, actor, one, now=now) for one in new]]


def _about(draft: Draft, problem: Problem, now: datetime) -> Draft:
    """The same draft about one of its problems; a place that was named once holds for all."""
    codes = problem["candidates"]
    return replace(
        draft,
        text=problem["text"],
        place=problem["place"] or draft.place,
        item=codes[0] if codes else "",
        candidates=list(codes),
        sure=bool(codes),
        choosing=False,
        segments=[],
        updated_at=now,
    )


async def _open(uow: UnitOfWork, district: District, actor: Actor, draft: Draft, *, now: datetime) -> Draft:
    """A draft of its own; replies to the message and edits of it stay with the first one."""
    added = await uow.drafts.add(replace(draft, id=0, version=1, message_ids=[], media_group=""))
    for digest in added.photo_hashes:
        await uow.attachments.use(AttachmentUse(digest, subject_of(added.id), "report", now))
    await show_opened(uow, district, actor, added, now=now)
    await schedule_draft(uow, district, added, now=now)
    return added
