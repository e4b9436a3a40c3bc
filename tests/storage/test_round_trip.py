"""Every field of every value comes back as it was written, on both databases."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.application.records import (
    Attachment,
    AttachmentUse,
    CodeKind,
    DueKind,
    Face,
    HolidayRow,
    OneTimeCode,
    OpenQuestion,
    OutboxStatus,
    Priority,
    QuestionKind,
    Token,
)
from bot.domain.chat import Chat, ChatKind
from bot.domain.evaluation import Evaluation, Verdict
from bot.domain.people import Person
from bot.domain.permissions import Action
from bot.domain.situation import Entry, EntryKind, Situation, SituationState
from bot.domain.street_call import StreetCall, StreetCallState
from storage.delivery import SqlDelivery
from storage.store import SqlStore
from tests.storage.samples import (
    DRAFT,
    ENDED,
    NOW,
    TICKET,
    a_catalogue,
    a_draft,
    a_hub_task,
    a_request,
    a_ticket,
    an_assignment,
    an_outgoing,
    later,
)


def says_something(value: Any, *unless: str) -> Any:
    """The value, once it is sure that no field has its default: a field that is forgotten would show."""
    for field in fields(value):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        assert field.name in unless or getattr(value, field.name) != default, field.name
    return value


async def test_chat(store: SqlStore, chat: Chat) -> None:
    full = Chat(
        chat.id,
        -1001,
        ChatKind.STREET,
        "JL01",
        "新名",
        5,
        "en",
        NOW,
        later(hours=1),
        later(hours=2),
        [NOW.isoformat()],
        "09:30",
    )
    async with store.begin() as uow:
        await uow.chats.save(says_something(full))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.chats.get(chat.id) == full
        assert await uow.chats.by_telegram_id(-1001) == full


async def test_person(store: SqlStore, person: Person, chat: Chat) -> None:
    full = says_something(Person(person.id, 501, "王芳芳", "en", True, chat.id, "fangfang", "王芳芳，抢修班"))
    async with store.begin() as uow:
        await uow.people.save(full)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.people.get(person.id) == full
        assert await uow.people.in_private_chat(chat.id) == full


async def test_draft(store: SqlStore, person: Person, chat: Chat) -> None:
    async with store.begin() as uow:
        full = await uow.drafts.add(says_something(a_draft(person.id, chat.id), "version"))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.drafts.get(full.id) == full


@pytest.mark.parametrize("ended", [{}, ENDED])
async def test_ticket(store: SqlStore, person: Person, chat: Chat, ended: dict[str, Any]) -> None:
    full = a_ticket(person.id, chat.id, **ended)
    if ended:
        says_something(full, "version")
    async with store.begin() as uow:
        await uow.tickets.add(full, day=date(2026, 11, 22), prefix="JL")
        await uow.commit()
    async with store.read() as uow:
        assert await uow.tickets.get(full.id) == full
        assert await uow.tickets.by_code("JL-20261122-0001") == full


async def test_parts_of_a_ticket(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 22), prefix="JL")
        part = await uow.assignments.add(an_assignment(ticket.id, ended_at=later(days=2)))
        says_something(part, "version")
        task = await uow.hub_tasks.add(
            a_hub_task(ticket_id=ticket.id, assignment_id=part.id, done_at=later(hours=1), done_by=31)
        )
        says_something(task, "version")
        answer = await uow.evaluations.add(
            says_something(Evaluation(0, ticket.id, part.id, 2, Verdict.NOT_SOLVED, 41, NOW, "又坏了"))
        )
        silent = await uow.evaluations.add(Evaluation(0, ticket.id, part.id, 3, None, None, NOW))
        await uow.commit()
    async with store.read() as uow:
        assert await uow.assignments.get(part.id) == part
        assert await uow.hub_tasks.get(task.id) == task
        assert await uow.evaluations.of_ticket(ticket.id) == [answer, silent]


async def test_outgoing(store: SqlStore, delivery: SqlDelivery, chat: Chat) -> None:
    full = an_outgoing(chat.id)
    async with store.begin() as uow:
        assert await uow.outbox.add(full, at=NOW)
        await uow.commit()
    async with store.read() as uow:
        [read] = await delivery.ripe_outbox(uow, now=11.0, moment=NOW, skip_chats=[], limit=5)
    assert replace(read, id=0) == full
    assert isinstance(read.priority, Priority)
    assert read.status is OutboxStatus.QUEUED


async def test_card(store: SqlStore, delivery: SqlDelivery, chat: Chat) -> None:
    async with store.begin() as uow:
        card = await uow.cards.want(TICKET, chat.id, Face.UNIT, reply_to=4, silent=True, priority=0, at=NOW)
        assert card is not None
        card.shown_rev, card.shown_hash, card.message_id, card.next_at = 1, "h", 70, 3.25
        card.attempts, card.dead, card.shown_text, card.photos_sent = 2, True, "正文", True
        await delivery.mark_card(uow, card)
        await uow.cards.retire(TICKET)
        await uow.commit()
    async with store.read() as uow:
        read = await uow.cards.get(card.id)
    assert read == replace(card, wanted_rev=2, retired=True)
    assert isinstance(read.priority, Priority)
    says_something(read)


async def test_small_records(store: SqlStore, person: Person, chat: Chat) -> None:
    question = OpenQuestion(person.id, chat.id, QuestionKind.PLACE, DRAFT, NOW, later(hours=1), "arg")
    code = OneTimeCode("C1", CodeKind.PERSON, "liaison", "D01", later(days=1), NOW, person.id, 9)
    picture = Attachment("a" * 64, "image/jpeg", 1234, "file", True, "unique")
    use = AttachmentUse("a" * 64, TICKET, "report", NOW)
    async with store.begin() as uow:
        await uow.questions.ask(says_something(question))
        await uow.codes.add(says_something(code))
        await uow.attachments.add(says_something(picture), at=NOW)
        await uow.attachments.use(use)
        await uow.dues.put(TICKET, DueKind.SIGN, later(hours=1), arg="x")
        text = await uow.tokens.mint(
            "card:7", Action.SIGN, TICKET, "x", chat_id=chat.id, round=2, expires_at=later(days=1)
        )
        await uow.commit()
    async with store.read() as uow:
        assert await uow.questions.open(person.id, chat.id, now=NOW) == question
        assert await uow.codes.get("C1") == code
        assert await uow.attachments.get("a" * 64) == picture
        assert await uow.attachments.by_file_id("unique") == picture
        assert await uow.attachments.used("a" * 64) == await uow.attachments.of(TICKET) == [use]
        [number] = await uow.dues.ripe(later(hours=1), limit=5)
        due = await uow.dues.get(number)
        assert due is not None
        assert (due.subject, due.kind, due.next_check_at, due.arg) == (TICKET, DueKind.SIGN, later(hours=1), "x")
        assert await uow.tokens.get(text) == Token(text, Action.SIGN, TICKET, "x", chat.id, later(days=1), 2)


async def test_catalogue(store: SqlStore) -> None:
    async with store.begin() as uow:
        first = await uow.catalogues.add(a_catalogue(), at=NOW)
        second = await uow.catalogues.add(replace(a_catalogue(), name="2026年12月", items={}), at=NOW)
        await uow.commit()
    async with store.read() as uow:
        assert (first, second) == (1, 2)
        assert await uow.catalogues.get(1) == replace(a_catalogue(), version=1)
        read = await uow.catalogues.get(1)
        assert read is not None
        assert list(read.items) == ["SC-02", "SC-01"]
        current = await uow.catalogues.current()
        assert current is not None
        assert (current.version, current.name, current.items) == (2, "2026年12月", {})
        assert await uow.catalogues.get(3) is None


async def test_calendar(store: SqlStore) -> None:
    rows = [
        HolidayRow(2026, date(2026, 10, 1), "国庆节", True, "notice"),
        HolidayRow(2026, date(2026, 9, 20), "国庆节", False, "notice"),
    ]
    async with store.begin() as uow:
        await uow.calendar.replace_year(2026, [HolidayRow(2026, date(2026, 1, 1), "元旦", True, "old")], "old")
        await uow.calendar.replace_year(2027, [HolidayRow(2027, date(2027, 1, 1), "元旦", True, "old")], "old")
        await uow.calendar.replace_year(2026, rows, "notice")
        await uow.commit()
    async with store.read() as uow:
        kept = HolidayRow(2027, date(2027, 1, 1), "元旦", True, "old")
        assert await uow.calendar.published() == [rows[1], rows[0], kept]


async def test_a_moment_comes_back_in_utc_and_a_naive_one_is_refused(store: SqlStore) -> None:
    shanghai = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    async with store.begin() as uow:
        await uow.dues.put(TICKET, DueKind.SIGN, shanghai)
        moment = await uow.dues.next_moment()
        assert moment == shanghai
        assert moment.utcoffset() == timedelta(0)
        await uow.dues.put(TICKET, DueKind.SIGN, datetime(2026, 11, 22, 9, 0))  # noqa: DTZ001
        with pytest.raises(Exception, match="without a time zone"):
            await uow.commit()


async def test_request(store: SqlStore, person: Person) -> None:
    async with store.begin() as uow:
        ticket = await uow.tickets.add(a_ticket(person.id), day=date(2026, 11, 22), prefix="JL")
        part = await uow.assignments.add(an_assignment(ticket.id))
        asked = says_something(await uow.requests.add(a_request(part)), "version")
        await uow.requests.save(asked)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.requests.get(asked.id) == asked
        assert await uow.requests.of_assignment(part.id) == [asked]
        assert await uow.requests.of_assignment(part.id + 1) == []


async def test_street_call(store: SqlStore, person: Person, chat: Chat) -> None:
    approvals = [{"approver": "hub", "word": "granted", "by": "1", "at": NOW.isoformat()}]
    full = StreetCall(
        1,
        StreetCallState.ADMISSION,
        "D26",
        "JL01",
        "请通知",
        person.id,
        chat.id,
        7,
        NOW,
        True,
        "JD-01",
        ["JD-01"],
        approvals,
        3,
        later(minutes=5),
    )
    async with store.begin() as uow:
        full = await uow.street_calls.add(says_something(full, "version"))
        await uow.commit()
    async with store.begin() as uow:
        assert await uow.street_calls.get(full.id, for_update=True) == full
        full.state = StreetCallState.SENT
        await uow.street_calls.save(full)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.street_calls.get(full.id) == full


async def test_situation_and_its_log(store: SqlStore, person: Person, chat: Chat) -> None:
    full = Situation(
        1, SituationState.ACTIVE, "暴雨", ["JL01"], person.id, chat.id, NOW, NOW, later(hours=1), person.id
    )
    entry = Entry(0, None, EntryKind.ACTED, "JL01", "JL01", person.id, NOW, "转移三户", True)
    async with store.begin() as uow:
        full = await uow.situations.add(says_something(full, "version"))
        earlier = await uow.situations.log(entry)
        assert await uow.situations.take_over(full.id, "JL02", since=NOW) == 0
        assert await uow.situations.take_over(full.id, "JL01", since=later(hours=1)) == 0
        assert await uow.situations.take_over(full.id, "JL01", since=NOW) == 1
        await uow.commit()
    async with store.begin() as uow:
        assert await uow.situations.active() == [full]
        assert await uow.situations.entries(full.id) == [replace(earlier, situation_id=full.id)]
        full.state = SituationState.ENDED
        await uow.situations.save(full)
        await uow.commit()
    async with store.read() as uow:
        assert await uow.situations.get(full.id) == full
        assert await uow.situations.active() == []
