"""Who of the cast the reviewed table lets do what; and everybody pressing all the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.application.people.identify import BASE_ROLE
from bot.application.records import SubjectKind, Token
from bot.domain.chat import ChatKind
from bot.domain.people import Grant, Role
from bot.domain.permissions import OTHER_SIDE, Action
from bot.domain.ticket import Mode
from tests.permissions.pressing import Bench, Shown, State, attempt, is_one_sentence, present_state
from tests.permissions.test_table import GOLDEN
from tests.support.cast import CAST, GONE, GROUPS, LI
from tests.support.quiet import Quiet

FAR = ("JL02", "D01")
"""Whose people have nothing to do with any matter of the tales that is no ticket's."""

FOR_ALL = frozenset({Action.FOLLOW, Action.STATUS})
"""Whoever reads of a case where he sits may follow it."""

NAMED = {Action.ACCEPT_ROLES: frozenset({LI})}
"""What is offered to one person by name."""


def reviewed() -> dict[tuple[Action, Role], str]:
    """The cells of the printed table."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    roles = [Role(name) for name in lines[0].split()[1:]]
    rows = [line.split() for line in lines[1:]]
    return {(Action(row[0]), role): cell for row in rows for role, cell in zip(roles, row[1:], strict=True)}


TABLE = reviewed()


@dataclass(frozen=True, slots=True)
class Parties:
    """Who a matter belongs to: Telegram's ids of its people, the codes of those who call and are called; None: unsaid."""

    people: frozenset[int] | None = None
    codes: frozenset[str] | None = None
    turned: bool = False

    def touch(self, of: str) -> bool:
        """Whether a party, or its parent or part, has a share in it."""
        if self.codes is None:
            return not of.startswith(FAR)
        return of == "hub" or any(code.startswith(of) or of.startswith(code) for code in self.codes)


def held(user: int, chat: int, *, revoked: bool = False) -> frozenset[Grant]:
    """The roles of somebody, and the one that a group gives to whoever sits in it."""
    own = CAST[user].grants if user != GONE and not revoked else ()
    kind, of = GROUPS.get(chat, (ChatKind.PRIVATE, ""))
    base = (Grant(BASE_ROLE[kind], of),) if kind in BASE_ROLE else ()
    team = (Grant(Role.HANDLER, f"D33-{of}"),) if kind is ChatKind.ENFORCEMENT else ()
    return frozenset({*own, *base, *team})


def entitled(user: int, shown: Shown, parties: Parties, *, revoked: bool = False) -> bool:
    """Whether the reviewed table gives that person this at all, at the right moment."""
    if shown.action in NAMED:
        return user in NAMED[shown.action]
    own = parties.people is None or user in parties.people
    if shown.action in FOR_ALL or (own and TABLE[shown.action, Role.RESIDENT] != "."):
        return True
    for grant in held(user, shown.chat, revoked=revoked):
        for role in {grant.role, OTHER_SIDE.get(grant.role, grant.role)} if parties.turned else {grant.role}:
            cell = TABLE[shown.action, role]
            if cell == "any" or (cell in {"street", "unit"} and parties.touch(grant.of)):
                return True
            if shown.action is Action.UNDO and parties.touch(grant.of):
                return True
    return False


@dataclass
class Anybody:
    """Lets each of the cast press a button once, the first time that one of its kind is shown in that chat."""

    quiet: Quiet
    seen: set[tuple[Action, str, int]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    presses: int = 0
    kept_out: dict[Action, set[int]] = field(default_factory=dict)

    async def press(self, token: Token, chat: int) -> None:
        """Everybody in a group; in a private chat whose it is, as he is and as if he had just lost his roles."""
        kind = (token.action, token.arg.partition(":")[0] if not token.arg.isdigit() else "", min(chat, 0))
        if kind in self.seen:
            return
        self.seen.add(kind)
        shown = Shown(token.token, token.action, (str(token.subject.kind), token.subject.id), token.arg, chat)
        bench, parties = Bench.of(self.quiet), await self._parties(token)
        before = await present_state(bench)
        for user in [chat] if chat > 0 else CAST:
            await self._tries(bench, user, shown, parties, before)
        if chat > 0:
            await self._tries(bench, chat, shown, parties, before, revoked=True)
        else:
            await self._in_earnest(shown, parties, before)

    async def _tries(
        self, bench: Bench, user: int, shown: Shown, parties: Parties, before: State, *, revoked: bool = False
    ) -> None:
        outcome = await attempt(bench, user, shown, before, revoked=revoked)
        self.presses += 1
        where = f"{shown.action} {shown.arg} in {shown.chat} by {user}{' revoked' * revoked}: {outcome.sentence!r}"
        if not is_one_sentence(outcome.sentence):
            self.wrong.append(f"no clear sentence. {where}")
        if entitled(user, shown, parties, revoked=revoked):
            return
        self.kept_out.setdefault(shown.action, set()).add(user)
        if outcome.changed:
            self.wrong.append(f"not his to do: {sorted(outcome.changed)}. {where}")

    async def _in_earnest(self, shown: Shown, parties: Parties, before: State) -> None:
        """One of those who may not, another one each time: answered once, and all is as it was."""
        others = [user for user in CAST if not entitled(user, shown, parties)]
        if not others:
            return
        user = others[len(self.seen) % len(others)]
        await self.quiet.press(user, shown.chat, shown.token)
        after = await present_state(Bench.of(self.quiet))
        self.wrong += [f"{shown} by {user} changed {name}" for name in before if before[name] != after[name]]

    async def _parties(self, token: Token) -> Parties:
        kind, number = token.subject.kind, token.subject.id
        async with self.quiet.store.read() as uow:
            if kind is SubjectKind.DRAFT and (draft := await uow.drafts.get(number)):
                author = await uow.people.get(draft.author_id)
                codes = frozenset({draft.street, draft.community} - {""})
                return Parties(frozenset({author.telegram_id} if author else ()), codes)
            part = await uow.assignments.get(number) if kind is SubjectKind.ASSIGNMENT else None
            task = await uow.hub_tasks.get(number) if kind is SubjectKind.HUB_TASK else None
            which = part.ticket_id if part else task.ticket_id if task else number
            ticket = await uow.tickets.get(which) if part or task or kind is SubjectKind.TICKET else None
            if ticket is None:
                return Parties()
            called = {each.assignee.code for each in await uow.assignments.of_ticket(ticket.id)}
            owners = [await uow.people.get(each) for each in (ticket.reporter_id, ticket.ordered_by) if each]
            owners += await uow.tickets.followers(ticket.id)
        codes = frozenset({ticket.street, ticket.community, ticket.caller.code, *called} - {""})
        turned = ticket.mode is Mode.TWO_WAY or any(code.startswith("JL") for code in called)
        return Parties(frozenset(who.telegram_id for who in owners if who), codes, turned)
