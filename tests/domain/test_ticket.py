"""The stage of a ticket is computed from its parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.hub_task import HubTask, HubTaskKind
from bot.domain.party import Party, PartyKind
from bot.domain.ticket import Ending, Level, Mode, Sensitivity, Stage, Ticket, stage_of

S = AssignmentState
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
STREET = Party(PartyKind.STREET, "JL01")
TICKET = Ticket(
    1, "JL-20261123-0001", Mode.DIRECT, Level.ORDINARY, "SZ-04", "路灯不亮", 1, Sensitivity.PUBLIC, False,
    "路灯不亮", "柳荫路", "JL01", "", STREET, 1, NOW,
)  # fmt: skip
OPEN = (S.UNDELIVERED, S.UNSIGNED, S.HANDLING, S.ANSWER_DRAFTED, S.RETURN_REQUESTED, S.SUSPENDED)


def parts(*states: AssignmentState) -> list[Assignment]:
    party = Party(PartyKind.DEPARTMENT, "D26")
    return [Assignment(n, 1, party, s, 1, "2工作时", "2工作日", NOW, NOW, None, None) for n, s in enumerate(states)]


def a_task(kind: HubTaskKind, *, done: bool = False) -> HubTask:
    return HubTask(1, kind, 1, None, NOW, NOW, done_at=NOW if done else None)


@pytest.mark.parametrize("ending", Ending)
def test_an_ended_ticket_is_what_it_is_marked(ending: Ending) -> None:
    ticket = replace(TICKET, ending=ending, start_awaited=True)
    assert stage_of(ticket, parts(S.HANDLING), [a_task(HubTaskKind.DISPATCH)]).value == ending.value


def test_a_start_that_is_awaited_comes_before_its_parts() -> None:
    assert stage_of(replace(TICKET, start_awaited=True), parts(S.HANDLING), []) is Stage.CALLING


@pytest.mark.parametrize(("state", "other"), [*product(OPEN, AssignmentState)])
def test_any_open_part_means_handling(state: AssignmentState, other: AssignmentState) -> None:
    tasks = [a_task(HubTaskKind.RULING), a_task(HubTaskKind.DISPATCH)]
    assert stage_of(TICKET, parts(other, state), tasks) is Stage.HANDLING, "what the hub owes is no stage"


@pytest.mark.parametrize("other", [S.ACCEPTED, S.RETURNED, S.CANCELLED, S.REPORTED])
def test_a_reported_part_means_verifying(other: AssignmentState) -> None:
    assert stage_of(TICKET, parts(other, S.REPORTED), [a_task(HubTaskKind.DISPATCH)]) is Stage.VERIFYING


@pytest.mark.parametrize(
    ("states", "tasks", "stage"),
    [
        ((), [], Stage.DISPATCHING),
        ((), [HubTaskKind.DISPATCH], Stage.DISPATCHING),
        ((S.RETURNED,), [], Stage.DISPATCHING),
        ((S.CANCELLED, S.RETURNED), [], Stage.DISPATCHING),
        ((S.ACCEPTED,), [HubTaskKind.DISPATCH], Stage.DISPATCHING),
        ((S.ACCEPTED,), [HubTaskKind.RULING, HubTaskKind.SUPERVISION], Stage.CLOSED),
        ((S.ACCEPTED, S.CANCELLED), [], Stage.CLOSED),
    ],
)
def test_what_is_over_is_closed_or_to_be_dispatched(
    states: tuple[AssignmentState, ...], tasks: list[HubTaskKind], stage: Stage
) -> None:
    assert stage_of(TICKET, parts(*states), [a_task(kind) for kind in tasks]) is stage


def test_a_finished_task_holds_nothing_up() -> None:
    assert stage_of(TICKET, parts(S.ACCEPTED), [a_task(HubTaskKind.DISPATCH, done=True)]) is Stage.CLOSED
