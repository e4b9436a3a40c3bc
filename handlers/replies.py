"""Replies in plain words: to a card of a ticket or draft, and answers to what the bot asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.application.calls.redispatch import dispatch_by_hub
from bot.application.calls.report_back import draft_answer, edit_answer
from bot.application.calls.verify import evaluate, give_reason
from bot.application.calls.withdraw_ticket import decline_ticket, withdraw_ticket
from bot.application.calls.work_on import hand_on, note_progress, sign_assignment
from bot.application.lookups.find_ticket import code_in, find_ticket, open_here
from bot.application.lookups.follow_ticket import add_words, urge
from bot.application.records import Button, OpenQuestion, QuestionKind, Subject, SubjectKind
from bot.application.reporting.change_draft import add_words_to_draft, load_open_draft, set_place
from bot.application.reporting.open_draft import VOICE, is_discreet
from bot.application.reporting.resident_report import offer
from bot.application.reporting.voice_report import write_down
from bot.application.telling import assignment_subject
from bot.domain import routing
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.chat import ChatKind
from bot.domain.commanding import codes_of
from bot.domain.draft import Draft
from bot.domain.errors import DraftSettled, TicketNotFound
from bot.domain.permissions import Action
from handlers import ruling_replies
from handlers.calling_replies import CARD_REPLIES
from handlers.command_presses import COMMAND_WORDS
from handlers.emergencies import to_log
from handlers.incoming import place_of
from handlers.introducing import ask_who, introduced
from handlers.leader_presses import tell_street_answer
from handlers.lookups import show_status
from handlers.meeting_words import MEETING_WORDS
from handlers.referral_presses import REFERRAL_WORDS
from handlers.reports import say_when_sent
from handlers.request_presses import extend_answer, extension_said, suspend_answer, suspension_said
from handlers.turn import Turn
from handlers.words import command_in, is_done, is_receipt, mostly_place, verdict_in
from nlu.types import Act, EntityKind, Interpretation

UNIT_CHATS = frozenset({ChatKind.DEPARTMENT, ChatKind.ENFORCEMENT})
UNIT_ACTS = frozenset({Act.SIGN, Act.PROGRESS, Act.REPORT_BACK, Act.RETURN, Act.EXTENSION, Act.SUSPENSION})
SPOT = frozenset({"spot", "scene"})
"""The questions that a picture alone answers."""
QUIET = frozenset({Act.CHATTER, Act.GREETING, Act.HELP})
DOABLE = frozenset({AssignmentState.UNSIGNED, AssignmentState.HANDLING})
LISTED = 6
UNSIGNED = frozenset({AssignmentState.UNSIGNED, AssignmentState.UNDELIVERED})


async def reply_to_card(turn: Turn, subject: Subject) -> None:
    """Any reply to any bot message about a ticket reaches that ticket."""
    if subject.kind is SubjectKind.DRAFT:
        await _reply_to_draft(turn, subject.id)
    elif subject.kind is SubjectKind.ASSIGNMENT:
        assignment = await turn.uow.assignments.get(subject.id)
        if assignment is not None:
            await _reply_to_assignment(turn, assignment)
    elif subject.kind is SubjectKind.TICKET:
        await _reply_to_ticket(turn, subject.id)
    elif subject.kind in CARD_REPLIES:
        await CARD_REPLIES[subject.kind](turn, subject)
    elif subject.kind is SubjectKind.QUESTION and turn.prepared.text:
        await ruling_replies.answered(turn, subject.id)


async def _reply_to_draft(turn: Turn, draft_id: int) -> None:
    known = await turn.uow.drafts.get(draft_id)
    if known is not None and known.is_wordless and turn.prepared.text and known.author_id != turn.person.id:
        await _write_down(turn, draft_id)
        return
    place = place_of(turn.message) or mostly_place(turn.prepared.text, turn.prepared.understood)
    if place:
        await set_place(turn.uow, turn.actor, draft_id, place, now=turn.now)
        return
    draft = await load_open_draft(turn.uow, turn.actor, draft_id, Action.ADD_PLACE)
    await _add_to(turn, draft)


async def _add_to(turn: Turn, draft: Draft) -> None:
    photo = turn.prepared.photo
    if photo is not None:
        await turn.uow.attachments.add(photo, at=turn.now)
    photos = [photo.hash] if photo else []
    prepared, message_id = turn.prepared, turn.message_id
    await add_words_to_draft(
        turn.uow, turn.district, draft, prepared.text, photos, prepared.understood, message_id=message_id, now=turn.now
    )


async def _reply_to_assignment(turn: Turn, assignment: Assignment) -> None:
    ticket = await turn.uow.tickets.get(assignment.ticket_id)
    assert ticket is not None
    own = ticket.reporter_id == turn.person.id and turn.chat.kind not in UNIT_CHATS
    if own:
        await _reply_to_ticket(turn, ticket.id)
        return
    await unit_says(turn, assignment)


async def unit_says(turn: Turn, assignment: Assignment) -> None:
    """What the unit's words do to its assignment; a bare 收到 signs only what is not signed yet."""
    understood = turn.prepared.understood
    act = understood.act if understood else Act.CHATTER
    text = turn.prepared.text
    if turn.prepared.photo is not None and act not in UNIT_ACTS:
        act = Act.REPORT_BACK if not text else Act.PROGRESS
    if act in QUIET and is_done(text):
        act = Act.REPORT_BACK
    if act is Act.EXTENSION or text.startswith("延期"):
        await extension_said(turn, assignment.id, text)
    elif act is Act.SUSPENSION or text.startswith("挂账"):
        await suspension_said(turn, assignment.id, text)
    elif act is Act.REPORT_BACK:
        await _answer(turn, assignment, text)
    elif act is Act.RETURN or text.startswith("退回 "):
        await ruling_replies.returned_in_words(turn, assignment.id)
    elif assignment.state in UNSIGNED and (act is Act.SIGN or (act in QUIET and is_receipt(text))):
        await sign_assignment(turn.uow, turn.district, turn.actor, assignment.id, now=turn.now)
    elif act not in QUIET and not (act is Act.SIGN and (is_receipt(text) or _was_signed(assignment))):
        await note_progress(turn.uow, turn.district, turn.actor, assignment.id, text, now=turn.now)
    else:
        return
    await ask_who(turn)
    await say_when_sent(turn)


def _was_signed(assignment: Assignment) -> bool:
    """Over, and signed in its time: polite words; whoever sets out for what was taken back unsigned is told."""
    return not assignment.is_open and assignment.signed_at is not None


async def _answer(turn: Turn, assignment: Assignment, text: str) -> None:
    photo = turn.prepared.photo
    if photo is not None:
        await turn.uow.attachments.add(photo, at=turn.now)
    await draft_answer(
        turn.uow,
        turn.district,
        turn.actor,
        assignment.id,
        text,
        turn.chat.id,
        now=turn.now,
        photos=(photo.hash,) if photo else (),
        reply_to=turn.message_id,
    )


async def _reply_to_ticket(turn: Turn, ticket_id: int) -> None:
    understood = turn.prepared.understood
    act = understood.act if understood else Act.CHATTER
    parts = await turn.uow.assignments.of_ticket(ticket_id)
    asked_here = [part for part in parts if _is_asked_here(turn, part)]
    if turn.chat.kind in UNIT_CHATS and asked_here:
        await unit_says(turn, asked_here[-1])
    elif act is Act.URGE:
        await urge(turn.uow, turn.district, turn.actor, ticket_id, now=turn.now)
        await turn.reply("urge-noted", code=(await _ticket_code(turn, ticket_id)))
    elif act is Act.WITHDRAW:
        await withdraw_ticket(turn.uow, turn.district, turn.actor, ticket_id, turn.prepared.text, now=turn.now)
    elif act is Act.EVALUATE and (verdict := verdict_in(turn.prepared.text)) is not None:
        reported = [part for part in parts if part.state is AssignmentState.REPORTED]
        if reported:
            await evaluate(turn.uow, turn.district, turn.actor, reported[-1].id, verdict, now=turn.now)
    elif act is Act.STATUS:
        await show_status(turn, ticket_id)
    elif act not in QUIET or turn.prepared.photo is not None:
        await _addendum(turn, ticket_id)


def _codes_here(turn: Turn) -> frozenset[str]:
    return codes_of(turn.district.catalogue, turn.district.rules.enforcement, turn.chat)


def _is_asked_here(turn: Turn, part: Assignment) -> bool:
    """An enforcement centre reports too: what others do about its own report is not its to answer."""
    return bool(routing.covering_codes(turn.district.catalogue, part.assignee.code) & _codes_here(turn))


async def _ticket_code(turn: Turn, ticket_id: int) -> str:
    ticket = await turn.uow.tickets.get(ticket_id)
    return ticket.code if ticket else ""


async def _addendum(turn: Turn, ticket_id: int) -> None:
    photo = turn.prepared.photo
    if photo is not None:
        await turn.uow.attachments.add(photo, at=turn.now)
    photos = (photo.hash,) if photo else ()
    text, sensitive = turn.prepared.text, is_discreet(turn.district, turn.prepared.understood)
    case = await add_words(
        turn.uow, turn.district, turn.actor, ticket_id, text, now=turn.now, photos=photos, sensitive=sensitive
    )
    await turn.reply("words-added", code=case.ticket.code)


async def unit_free_words(turn: Turn) -> bool:
    """In a unit's group without a reply to us: only a code in the words reaches a ticket; whether one did."""
    understood = turn.prepared.understood
    code = code_in(turn.prepared.text)
    if turn.chat.kind not in UNIT_CHATS or understood is None:
        return False
    if not code:
        return await _done_with_something(turn, understood)
    if understood.act not in UNIT_ACTS:
        return False
    try:
        ticket = await find_ticket(turn.uow, turn.district, turn.actor, code, now=turn.now)
    except TicketNotFound:
        return False
    own = {part.id for part in await open_here(turn.uow, turn.district, _codes_here(turn))}
    for part in await turn.uow.assignments.of_ticket(ticket.id):
        if part.id in own:
            await unit_says(turn, part)
            return True
    return False


async def _done_with_something(turn: Turn, understood: Interpretation) -> bool:
    """`已处理完毕` in reply to one's own words means one of the open calls: the only one, else one is chosen."""
    sure = understood.act is Act.REPORT_BACK and understood.act_confidence >= turn.services.manners.report_sure
    if not turn.prepared.follows_own or not (sure or is_done(turn.prepared.text)):
        return False
    here = [part for part in await open_here(turn.uow, turn.district, _codes_here(turn)) if part.state in DOABLE]
    if len(here) == 1:
        await _answer(turn, here[0], turn.prepared.text)
    elif here:
        tickets = [await turn.uow.tickets.get(part.ticket_id) for part in here[:LISTED]]
        buttons = [
            Button("button-report-one", Action.REPORT_BACK, assignment_subject(part.id), params={"code": ticket.code})
            for part, ticket in zip(here, tickets, strict=False)
            if ticket is not None
        ]
        await turn.reply("done-which", buttons=tuple((button,) for button in buttons))
    return bool(here)


async def _to_place(turn: Turn, question: OpenQuestion) -> None:
    place = place_of(turn.message) or turn.prepared.text
    draft = await set_place(turn.uow, turn.actor, question.subject.id, place, now=turn.now)
    if turn.chat.kind is ChatKind.PRIVATE and not draft.street:
        await _resident_place(turn, draft)


async def _resident_place(turn: Turn, draft: Draft) -> None:
    understood = turn.prepared.understood
    community = understood.first(EntityKind.COMMUNITY) if understood else None
    street = understood.first(EntityKind.STREET) if understood else None
    known = turn.district.catalogue.communities.get(community.value or "") if community else None
    if known is not None:
        draft.community, draft.street = known.code, known.street
    elif street is not None and street.value:
        draft.street = street.value
    await turn.uow.drafts.save(draft)
    await offer(turn.uow, turn.district, draft, now=turn.now)
    await turn.reply("resident-received")


async def _to_progress(turn: Turn, question: OpenQuestion) -> None:
    await note_progress(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)
    await ask_who(turn)


async def _to_handler(turn: Turn, question: OpenQuestion) -> None:
    await hand_on(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def _to_answer(turn: Turn, question: OpenQuestion) -> None:
    assignment = await turn.uow.assignments.get(question.subject.id)
    if question.arg == "text" and assignment is not None:
        await _answer(turn, assignment, turn.prepared.text)
    else:
        await edit_answer(turn.uow, turn.district, turn.actor, question.subject.id, question.arg, turn.prepared.text)


async def _to_reason(turn: Turn, question: OpenQuestion) -> None:
    await give_reason(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def _to_words(turn: Turn, question: OpenQuestion) -> None:
    await _addendum(turn, question.subject.id)


async def _write_down(turn: Turn, draft_id: int) -> None:
    text, understood = turn.prepared.text, turn.prepared.understood
    draft = await write_down(turn.uow, turn.district, turn.actor, draft_id, text, understood, now=turn.now)
    if draft.chat_id != turn.chat.id and not await _is_private(turn, draft):
        await turn.reply("voice-typed")


async def _is_private(turn: Turn, draft: Draft) -> bool:
    chat = await turn.uow.chats.get(draft.chat_id)
    return chat is None or not chat.is_group


async def _to_voice(turn: Turn, question: OpenQuestion) -> None:
    draft = await turn.uow.drafts.get(question.subject.id)
    if draft is not None and draft.is_open and draft.is_wordless:
        await _write_down(turn, draft.id)
    else:
        raise DraftSettled(state=draft.state if draft else "", ticket="")


async def _to_withdraw(turn: Turn, question: OpenQuestion) -> None:
    await withdraw_ticket(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def _to_decline(turn: Turn, question: OpenQuestion) -> None:
    await decline_ticket(turn.uow, turn.district, turn.actor, question.subject.id, turn.prepared.text, now=turn.now)


async def dispatched(turn: Turn, ticket_id: int, unit: str) -> None:
    """`派单 编号 单位`, or the unit's name in answer to the question; where no card shows it, one line does."""
    case = await dispatch_by_hub(turn.uow, turn.district, turn.actor, ticket_id, unit, now=turn.now)
    if not turn.chat.is_group and case.lead is not None:
        to = turn.district.catalogue.party_name(case.lead.assignee.code)
        await turn.reply("dispatched-to", code=case.ticket.code, unit=to)


async def _to_dispatch(turn: Turn, question: OpenQuestion) -> None:
    await dispatched(turn, question.subject.id, turn.prepared.text)


FREE_WORDS: Mapping[str, Callable[[Turn, OpenQuestion], Awaitable[None]]] = {
    "words": _to_words,
    "withdraw": _to_withdraw,
    "decline": _to_decline,
    "dispatch": _to_dispatch,
    "log": to_log,
    "extend": extend_answer,
    "tell_street": tell_street_answer,
    "suspend": suspend_answer,
    **MEETING_WORDS,
    VOICE: _to_voice,
    **ruling_replies.FREE_WORDS,
    **REFERRAL_WORDS,
    **COMMAND_WORDS,
}
"""What free words answer, by the question's `arg`."""


async def _to_text(turn: Turn, question: OpenQuestion) -> None:
    await FREE_WORDS[question.arg](turn, question)


ANSWERS: Mapping[QuestionKind, Callable[[Turn, OpenQuestion], Awaitable[None]]] = {
    QuestionKind.PLACE: _to_place,
    QuestionKind.PROGRESS: _to_progress,
    QuestionKind.HANDLER: _to_handler,
    QuestionKind.RETURN_REASON: ruling_replies.to_return,
    QuestionKind.REPORT_BACK: _to_answer,
    QuestionKind.EVALUATION_REASON: _to_reason,
    QuestionKind.TEXT: _to_text,
    QuestionKind.NAME: introduced,
}


def _is_sure_report(turn: Turn, understood: Interpretation) -> bool:
    return understood.act is Act.REPORT and understood.act_confidence >= turn.services.manners.report_sure


ABOUT_THE_WORK = frozenset(
    {QuestionKind.RETURN_REASON, QuestionKind.PROGRESS, QuestionKind.REPORT_BACK, QuestionKind.HANDLER}
)
REQUESTS = ("延期", "挂账", "退回")
"""What a unit asks for begins with its word."""


def _asks_for_something_else(turn: Turn, question: OpenQuestion) -> bool:
    """`延期 2天` in reply to the card is a request, also where a reason, a word or an answer was asked for."""
    said = turn.prepared.text.lstrip()
    same = question.kind is QuestionKind.RETURN_REASON and said.startswith("退回")
    return question.kind in ABOUT_THE_WORK and said.startswith(REQUESTS) and not same


async def answer_question(turn: Turn) -> bool:
    """Whether the message answered what was asked; a command or a sure report is not an answer."""
    question = turn.question
    if question is None or command_in(turn.prepared.text):
        return False
    understood = turn.prepared.understood
    free = turn.chat.is_group and turn.prepared.subject is None
    if question.kind is QuestionKind.NAME and turn.prepared.subject != question.subject:
        return False  # among colleagues the next words are about anything
    is_place = question.kind is QuestionKind.PLACE and mostly_place(turn.prepared.text, turn.prepared.understood)
    if free and understood is not None and _is_sure_report(turn, understood) and not is_place:
        return False
    if turn.prepared.subject is not None and _asks_for_something_else(turn, question):
        return False
    wordless = not turn.prepared.text and not place_of(turn.message)
    if wordless and not (question.arg in SPOT and turn.prepared.photo):
        return False
    await turn.uow.questions.close(turn.person.id, turn.chat.id)
    await ANSWERS[question.kind](turn, question)
    return True
