"""The table role × action: complete, and printed to a file so that a change of it is seen in review."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.domain.errors import NotPermitted
from bot.domain.people import Actor, Grant, Person, Role
from bot.domain.permissions import TABLE, Action, Scope, Target, may, require, who_may

GOLDEN = Path(__file__).with_name("table.txt")
MARKS = {Scope.NONE: ".", Scope.OWN: "own", Scope.STREET: "street", Scope.UNIT: "unit", Scope.ANY: "any"}
ME, STREET, UNIT = 7, "JL01", "D26"


def printed() -> str:
    """A line an action, a column a role."""
    width = max(len(role) for role in Role) + 1
    lines = ["".join(["action".ljust(18), *(role.ljust(width) for role in Role)]).rstrip()]
    for action in Action:
        cells = (MARKS[TABLE[role][action]].ljust(width) for role in Role)
        lines.append("".join([action.ljust(18), *cells]).rstrip())
    return "\n".join(lines) + "\n"


def test_every_role_has_an_answer_for_every_action() -> None:
    assert set(TABLE) == set(Role)
    for role, row in TABLE.items():
        assert set(row) == set(Action), role


def test_the_table_is_the_one_that_was_reviewed() -> None:
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(printed(), encoding="utf-8")
    assert printed() == GOLDEN.read_text(encoding="utf-8"), "run with WRITE_GOLDEN=1 and look at the difference"


def reach(actor: Actor, action: Action) -> set[str]:
    """What of the four kinds of target this actor reaches, found by trying."""
    targets = {
        "own": Target(owners=frozenset({ME})),
        "street": Target(streets=frozenset({STREET})),
        "unit": Target(units=frozenset({UNIT})),
        "foreign": Target(frozenset({8}), frozenset({"JL02"}), frozenset({"D11"})),
    }
    return {name for name, target in targets.items() if may(actor, action, target)}


EXPECTED = {
    Scope.NONE: set(),
    Scope.OWN: {"own"},
    Scope.STREET: {"own", "street"},
    Scope.UNIT: {"unit"},
    Scope.ANY: {"own", "street", "unit", "foreign"},
}
OF = {Scope.STREET: STREET, Scope.UNIT: UNIT}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_what_its_cell_says_and_nothing_beyond(role: Role) -> None:
    for action in Action:
        scope = TABLE[role][action]
        person = Person(ME, 7000 + ME, "某人")
        assert reach(Actor(person, frozenset({Grant(role, OF.get(scope, "hub"))})), action) == EXPECTED[scope], action
        elsewhere = Actor(person, frozenset({Grant(role, "JL02")}))
        assert reach(elsewhere, action) - {"foreign"} <= {"own"} or scope is Scope.ANY, action


def test_somebody_without_a_role_is_a_resident() -> None:
    nobody = Actor(Person(ME, 7, "周居民"))
    for action in Action:
        assert (reach(nobody, action) == {"own"}) == (TABLE[Role.RESIDENT][action] is Scope.OWN)


def test_a_refusal_names_who_may() -> None:
    nobody = Actor(Person(ME, 7, "周居民"))
    with pytest.raises(NotPermitted) as refusal:
        require(nobody, Action.SIGN, Target(units=frozenset({UNIT})))
    assert refusal.value.fields["who"] == who_may(Action.SIGN)
    assert set(who_may(Action.SIGN)) == {Role.LIAISON, Role.HANDLER, Role.DEPARTMENT_LEADER}


DECIDES = {
    Action.RULE,
    Action.DISPATCH,
    Action.DECLINE,
    Action.NOTE_TOLD,
    Action.CLOSE,
    Action.UNBIND,
    Action.SEE_CHECKLIST,
}


def test_what_only_the_hub_decides() -> None:
    for action in DECIDES:
        assert who_may(action) == (Role.DISPATCHER,), action


def test_the_callers_side_cannot_answer_and_the_answering_side_cannot_judge() -> None:
    answers = {Action.SIGN, Action.PROGRESS, Action.REPORT_BACK, Action.SEND_ANSWER, Action.RETURN, Action.RELEASE}
    judges = {Action.CONFIRM, Action.EVALUATE, Action.VERIFY, Action.WITHDRAW, Action.REOPEN, Action.START}
    for role in (Role.RESIDENT, Role.GRID_WORKER, Role.STREET_OFFICER):
        assert all(TABLE[role][action] is Scope.NONE for action in answers), role
    for role in (Role.HANDLER, Role.LIAISON, Role.DEPARTMENT_LEADER):
        assert all(TABLE[role][action] in {Scope.NONE, Scope.OWN} for action in judges), role
