"""Messages that wake, cards that are edited in place, and which message is about what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Insert, bindparam, case, func, literal_column, select

from bot.application.records import Button, Card, Face, OutboxStatus, Outgoing, Priority, Subject
from storage import mapping
from storage.connection import Db, upsert
from storage.mapping import columns_of, values_of
from storage.tables.messages import bot_message, card, outbox

_CARD_COLUMNS = columns_of(card, Card)
_CARDS = select(*_CARD_COLUMNS)
_GET_CARD = _CARDS.where(card.c.id == bindparam("id"))
_ABOUT = (card.c.subject_kind == bindparam("b_kind")) & (card.c.subject_id == bindparam("b_id"))
_OF_SUBJECT = _CARDS.where(_ABOUT, ~card.c.retired).order_by(card.c.id)
_OF = _CARDS.where(_ABOUT, ~card.c.retired, card.c.chat_id == bindparam("chat_id"), card.c.face == bindparam("face"))
_RAISE_ALL = card.update().where(_ABOUT, ~card.c.retired).values(wanted_rev=card.c.wanted_rev + 1)
_RETIRE = card.update().where(_ABOUT, ~card.c.retired).values(wanted_rev=card.c.wanted_rev + 1, retired=True)

_RENAME = card.update().where(card.c.id == bindparam("b_id")).values(wanted_rev=card.c.wanted_rev + 1)
_RETIRE_ONE = _RENAME.values(retired=True)


def _sooner(priority: ColumnElement[int]) -> ColumnElement[int]:
    return case((priority < card.c.priority, priority), else_=card.c.priority)


_RAISE = (
    card.update()
    .where(_ABOUT, card.c.chat_id == bindparam("b_chat"), card.c.face == bindparam("b_face"))
    .values(wanted_rev=card.c.wanted_rev + 1, retired=False, dead=False, priority=_sooner(bindparam("b_priority")))
    .returning(*_CARD_COLUMNS)
)

_SUBJECT_OF = select(bot_message.c.subject_kind, bot_message.c.subject_id).where(
    bot_message.c.chat_id == bindparam("chat_id"), bot_message.c.message_id == bindparam("message_id")
)


_GATHERING = (
    select(outbox.c.id, outbox.c.params, outbox.c.buttons)
    .where(
        outbox.c.chat_id == bindparam("b_chat"),
        outbox.c.kind == bindparam("b_kind"),
        outbox.c.status == literal_column(f"'{OutboxStatus.QUEUED}'"),
        outbox.c.not_before.is_(None) | (outbox.c.not_before <= bindparam("b_at")),  # none that is held for longer
    )
    .with_for_update()
    .limit(1)
)
_GATHERED = outbox.update().where(outbox.c.id == bindparam("b_id"))
_FADING = (
    select(outbox.c.id, outbox.c.params, outbox.c.status)
    .where(outbox.c.dedupe_key == bindparam("b_key"))
    .with_for_update()
)
_RELEASE = select(func.min(outbox.c.not_before)).where(
    outbox.c.status == literal_column(f"'{OutboxStatus.QUEUED}'"), outbox.c.not_before > bindparam("b_after")
)


@cache
def _post(dialect: str) -> Insert:
    return upsert(dialect, outbox).on_conflict_do_nothing(index_elements=["dedupe_key"])


@cache
def _want(dialect: str) -> Insert:
    made = upsert(dialect, card)
    raised = {
        "wanted_rev": card.c.wanted_rev + 1,
        "retired": False,
        "dead": False,
        "priority": _sooner(made.excluded.priority),
    }
    keys = ["subject_kind", "subject_id", "chat_id", "face"]
    return made.on_conflict_do_update(index_elements=keys, set_=raised).returning(*_CARD_COLUMNS)


@cache
def _remember(dialect: str) -> Insert:
    made = upsert(dialect, bot_message)
    now = {"subject_kind": made.excluded.subject_kind, "subject_id": made.excluded.subject_id}
    return made.on_conflict_do_update(index_elements=["chat_id", "message_id"], set_=now)


class SqlOutbox:
    """`Outbox` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def add(self, message: Outgoing, *, at: datetime) -> bool:
        self._db.has_news = True
        return await self._db.count(_post(self._db.dialect), _values(message, at)) == 1

    async def add_many(self, messages: Sequence[Outgoing], *, at: datetime) -> None:
        if messages:
            self._db.has_news = True
            await self._db.execute(_post(self._db.dialect), [_values(message, at) for message in messages])

    async def gather(self, message: Outgoing, *, listed: int, at: datetime) -> None:
        waits = await self._db.first(
            _GATHERING, {"b_chat": message.chat_id, "b_kind": message.kind, "b_at": message.not_before or at}
        )
        own: dict[str, Any] = dict(message.params)
        known: dict[str, Any] = waits.params if waits is not None else {"count": 0, "lines": []}
        params = own | {"count": known["count"] + own["count"], "lines": [*known["lines"], *own["lines"]][:listed]}
        params["notice"] = bool(known.get("notice") or own.get("notice"))
        params["helps"] = sorted({*known.get("helps", ()), *own.get("helps", ())})
        if waits is not None:
            buttons = mapping.buttons_json(_each_once([*mapping.buttons(waits.buttons), *message.buttons])[:listed])
            await self._db.execute(_GATHERED, {"b_id": waits.id, "params": params, "buttons": buttons})
            return
        message.buttons = _each_once(message.buttons)[:listed]
        message.params = params
        await self.add(message, at=at)

    async def fade(self, dedupe_key: str, params: Mapping[str, object] | None = None) -> None:
        row = await self._db.first(_FADING, {"b_key": dedupe_key})
        if row is None:
            return
        values: dict[str, Any] = {"buttons": [], "dedupe_key": None, "params": {**row.params, **(params or {})}}
        if row.status == OutboxStatus.SENT:  # it stands in its chat: the same row goes once more, as an edit
            values |= {"status": OutboxStatus.QUEUED, "priority": Priority.EDIT, "attempts": 0, "available_at": 0.0}
        self._db.has_news = True
        await self._db.execute(_GATHERED, {"b_id": row.id, **values})

    async def next_release(self, after: datetime) -> datetime | None:
        moment: datetime | None = await self._db.value(_RELEASE, {"b_after": after})
        return moment


def _each_once(rows: Sequence[tuple[Button, ...]]) -> tuple[tuple[Button, ...], ...]:
    """The rows without those that stand further up already: a case may have two clocks."""
    return tuple(row for number, row in enumerate(rows) if row and row not in rows[:number])


def _values(message: Outgoing, at: datetime) -> dict[str, Any]:
    values = values_of(message, "id")
    values["params"] = dict(message.params)
    values["buttons"] = mapping.buttons_json(message.buttons)
    values["created_at"] = at
    return values


class SqlCards:
    """`Cards` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def want(
        self,
        subject: Subject,
        chat_id: int,
        face: Face,
        *,
        reply_to: int | None = None,
        silent: bool = False,
        priority: int = 1,
        create: bool = True,
        at: datetime | None = None,
    ) -> Card | None:
        self._db.has_news = True
        if not create:
            which = {**_about(subject), "b_chat": chat_id, "b_face": face, "b_priority": priority}
            return _one(await self._db.first(_RAISE, which))
        new = Card(0, subject, chat_id, face, reply_to=reply_to, silent=silent, created_at=at)
        new.priority = Priority(priority)
        return _one(await self._db.first(_want(self._db.dialect), values_of(new, "id")))

    async def want_all(self, subject: Subject) -> None:
        self._db.has_news = True
        await self._db.execute(_RAISE_ALL, _about(subject))

    async def get(self, card_id: int) -> Card | None:
        return _one(await self._db.first(_GET_CARD, {"id": card_id}))

    async def of(self, subject: Subject, chat_id: int, face: Face) -> Card | None:
        return _one(await self._db.first(_OF, {**_about(subject), "chat_id": chat_id, "face": face}))

    async def of_subject(self, subject: Subject) -> Sequence[Card]:
        return [mapping.card(row) for row in await self._db.rows(_OF_SUBJECT, _about(subject))]

    async def rename(self, renamed: Card, subject: Subject, face: Face) -> None:
        if await self.want(subject, renamed.chat_id, face, priority=renamed.priority, create=False) is not None:
            await self._db.execute(_RETIRE_ONE, {"b_id": renamed.id})
            renamed.retired = True
            return
        values = {"subject_kind": subject.kind, "subject_id": subject.id, "face": face, "b_id": renamed.id}
        await self._db.execute(_RENAME, values)
        renamed.subject, renamed.face, renamed.wanted_rev = subject, face, renamed.wanted_rev + 1
        if renamed.message_id is not None:
            await SqlMessages(self._db).remember(renamed.chat_id, renamed.message_id, subject)

    async def retire_in(self, chat_id: int, faces: Collection[Face]) -> None:
        self._db.has_news = True
        gone = card.update().where(card.c.chat_id == chat_id, card.c.face.in_(faces), ~card.c.retired)
        await self._db.execute(gone.values(wanted_rev=card.c.wanted_rev + 1, retired=True))

    async def retire(self, subject: Subject) -> None:
        self._db.has_news = True
        await self._db.execute(_RETIRE, _about(subject))


class SqlMessages:
    """`Messages` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def subject_of(self, chat_id: int, message_id: int) -> Subject | None:
        row = await self._db.first(_SUBJECT_OF, {"chat_id": chat_id, "message_id": message_id})
        return None if row is None else mapping.subject(row)

    async def remember(self, chat_id: int, message_id: int, subject: Subject) -> None:
        values: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id}
        values |= {"subject_kind": subject.kind, "subject_id": subject.id}
        await self._db.execute(_remember(self._db.dialect), values)


def _about(subject: Subject) -> dict[str, Any]:
    return {"b_kind": subject.kind, "b_id": subject.id}


def _one(row: Any) -> Card | None:
    return None if row is None else mapping.card(row)
