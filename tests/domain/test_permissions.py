"""The table role × action is complete, and reaches no further than it says."""

from __future__ import annotations

from itertools import product

import pytest

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.permissions import EVERYBODY, TABLE, Action, Scope, Target, may, require, who_may

MINE = Target(owners=frozenset({1}))
HERE = Target(owners=frozenset({2}), streets=frozenset({"JL01"}), units=frozenset({"D26"}))
ELSEWHERE = Target(owners=frozenset({2}), streets=frozenset({"JL02"}), units=frozenset({"D01"}))
RULINGS = {Action.DISPATCH, Action.RULE, Action.NOTE_TOLD, Action.DECLINE, Action.CLOSE}
OF_LIAISONS = {Action.RETURN, Action.REPORT_BACK, Action.SEND_ANSWER, Action.EXTEND, Action.SUSPEND, Action.HAND_ON}


def actor(role: Role, of: str) -> Actor:
    return Actor(Person(1, 101, "某某"), frozenset({Grant(role, of)}))


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(Role)
    for role in Role:
        assert set(TABLE[role]) == set(Action), role


@pytest.mark.parametrize(("role", "action"), [*product(Role, Action)])
def test_a_cell_reaches_just_as_far_as_it_says(role: Role, action: Action) -> None:
    scope = TABLE[role][action]
    of = "JL01" if role in {Role.GRID_WORKER, Role.STREET_OFFICER, Role.DISTRICT_LEADER} else "D26"
    somebody = actor(role, of)
    assert may(somebody, action, ELSEWHERE) == (scope is Scope.ANY)
    assert may(somebody, action, MINE) == (scope in {Scope.ANY, Scope.OWN, Scope.STREET})
    reaches_here = (
        scope is Scope.ANY or (scope is Scope.STREET and of == "JL01") or (scope is Scope.UNIT and of == "D26")
    )
    assert may(somebody, action, HERE) == reaches_here


@pytest.mark.parametrize("role", Role)
def test_nobody_has_less_than_everybody(role: Role) -> None:
    assert all(TABLE[role][action] is not Scope.NONE for action in EVERYBODY)


def test_what_the_design_keeps_for_some() -> None:
    for action in RULINGS:
        assert set(who_may(action)) == {Role.DISPATCHER}, action
    for action in OF_LIAISONS:
        assert set(who_may(action)) == {Role.LIAISON, Role.DEPARTMENT_LEADER}, action
    assert set(who_may(Action.RELEASE)) == {Role.DEPARTMENT_LEADER, Role.DISPATCHER, Role.DELEGATE}
    assert set(who_may(Action.EVALUATE)) == {Role.STREET_OFFICER}, "nobody of a unit evaluates"
    assert Role.HANDLER in who_may(Action.SIGN) and Role.GRID_WORKER not in who_may(Action.SIGN)
    assert Role.GRID_WORKER not in who_may(Action.START) and Role.STREET_OFFICER in who_may(Action.START)


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(NotPermitted) as refused:
        require(actor(Role.HANDLER, "D26"), Action.RETURN, HERE)
    assert set(refused.value.fields["who"]) == {Role.LIAISON, Role.DEPARTMENT_LEADER}  # type: ignore[call-overload]


def test_somebody_without_a_role_is_a_resident_and_a_bound_chat_lends_one() -> None:
    nobody = Actor(Person(1, 101, "某某"))
    assert not may(nobody, Action.SIGN, HERE) and may(nobody, Action.WITHDRAW, MINE)
    member = Actor(Person(1, 101, "某某"), frozenset(), Grant(Role.HANDLER, "D26"))
    assert may(member, Action.SIGN, HERE) and not may(member, Action.SIGN, ELSEWHERE)
    assert not may(member, Action.RETURN, HERE)
