"""The table of allowed moves and its one writer."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.assignment import (
    ALLOWED_TRANSITIONS,
    ENDED_STATES,
    LIVE_STATES,
    OPEN_STATES,
    UNDO_TRANSITIONS,
    Assignment,
    AssignmentState,
    move,
)
from bot.domain.errors import TransitionNotAllowed
from bot.domain.party import Party, PartyKind

S = AssignmentState
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)

LEADS_TO = {
    S.UNDELIVERED: {S.UNSIGNED, S.CANCELLED},
    S.UNSIGNED: {S.UNDELIVERED, S.HANDLING, S.REPORTED, S.RETURN_REQUESTED, S.RETURNED, S.CANCELLED},
    S.HANDLING: {S.REPORTED, S.ANSWER_DRAFTED, S.RETURN_REQUESTED, S.SUSPENDED, S.RETURNED, S.CANCELLED},
    S.RETURN_REQUESTED: {S.UNSIGNED, S.HANDLING, S.RETURNED, S.REPORTED, S.CANCELLED},
    S.SUSPENDED: {S.HANDLING, S.REPORTED, S.CANCELLED},
    S.ANSWER_DRAFTED: {S.REPORTED, S.HANDLING},
    S.REPORTED: {S.ACCEPTED, S.HANDLING, S.RETURNED, S.CANCELLED},
    S.ACCEPTED: set(),
    S.RETURNED: set(),
    S.CANCELLED: set(),
}
"""Written from the design, not from the code."""


def an_assignment(state: AssignmentState, prior: AssignmentState | None = None) -> Assignment:
    party = Party(PartyKind.DEPARTMENT, "D26")
    made = Assignment(1, 1, party, state, 1, "2工作时", "2工作日", NOW, NOW, None, None)
    made.prior_state = prior
    return made


def test_the_table_names_every_state() -> None:
    assert set(ALLOWED_TRANSITIONS) == set(AssignmentState) == set(LEADS_TO)


@pytest.mark.parametrize(("state", "to"), [*product(AssignmentState, AssignmentState)])
def test_only_the_moves_of_the_design_are_possible(state: AssignmentState, to: AssignmentState) -> None:
    made = an_assignment(state, prior=to)
    if to in LEADS_TO[state]:
        move(made, to, now=NOW, by=7)
        assert (made.state, made.prior_state, made.last_mover, made.last_moved_at) == (to, state, 7, NOW)
        assert (made.ended_at is not None) == (to in {S.ACCEPTED, S.RETURNED, S.CANCELLED})
    else:
        with pytest.raises(TransitionNotAllowed) as refused:
            move(made, to, now=NOW, by=7)
        assert made.state is state and refused.value.fields["state"] is state


@pytest.mark.parametrize("prior", [S.UNSIGNED, S.HANDLING])
def test_a_refused_return_leads_back_only_to_where_it_came_from(prior: AssignmentState) -> None:
    other = S.HANDLING if prior is S.UNSIGNED else S.UNSIGNED
    with pytest.raises(TransitionNotAllowed):
        move(an_assignment(S.RETURN_REQUESTED, prior), other, now=NOW, by=1)
    made = an_assignment(S.RETURN_REQUESTED, prior)
    move(made, prior, now=NOW, by=1)
    assert made.state is prior


@pytest.mark.parametrize(("state", "to"), [*product(AssignmentState, AssignmentState)])
def test_reverse_moves_need_the_condition_of_undoing(state: AssignmentState, to: AssignmentState) -> None:
    reverse = to in UNDO_TRANSITIONS.get(state, frozenset())
    if reverse:
        assert state in LEADS_TO[to] or state in {S.CANCELLED}, "only what can be done can be undone"
        move(an_assignment(state), to, now=NOW, by=1, undo=True)
    else:
        with pytest.raises(TransitionNotAllowed):
            move(an_assignment(state), to, now=NOW, by=1, undo=True)


def test_the_kinds_of_states_divide_them() -> None:
    assert OPEN_STATES | {S.REPORTED} | ENDED_STATES == set(AssignmentState)
    assert not OPEN_STATES & ENDED_STATES and OPEN_STATES | {S.REPORTED, S.ACCEPTED} == LIVE_STATES
    assert all(not ALLOWED_TRANSITIONS[state] for state in ENDED_STATES)
