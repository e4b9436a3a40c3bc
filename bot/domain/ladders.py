"""The ladders that hold where config says nothing: who is reminded and told, by the kind of clock."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.escalation import AT_DUE, Ladder, Rung, Tells

SIGN, HANDLE, INTERIM = "sign", "handle", "interim"
START, HUB_TASK, REQUEST, RELEASE, VERIFICATION = "start", "hub_task", "request", "release", "verification"
DRAFT, STREET_QUESTION, REFERRAL, ADMISSION = "draft", "street_question", "referral", "admission"
COPIED = (SIGN, HANDLE, INTERIM)
"""The clocks of an assignment, whose ladders it carries with it from its dispatch on."""

EMERGENCY_LADDERS: Mapping[str, Ladder] = {
    SIGN: (
        Rung("half", "50%", (Tells.LIAISON,)),
        Rung("deputy", AT_DUE, (Tells.LIAISON, Tells.DEPUTY)),
        Rung("leader", "0.5紧急工作时", (Tells.DEPARTMENT_LEADER,)),
        Rung("hub", "1.5紧急工作时", (Tells.HUB,)),
    ),
    HANDLE: (
        Rung("half", "50%", (Tells.LIAISON,)),
        Rung("late", "80%", (Tells.LIAISON,)),
        Rung("due", AT_DUE, (Tells.DEPUTY, Tells.DEPARTMENT_LEADER)),
        Rung("hub", "1紧急工作时", (Tells.HUB,)),
        Rung("district", "2紧急工作时", (Tells.DISTRICT_LEADER,)),
    ),
    HUB_TASK: (
        Rung("due", AT_DUE, (Tells.DISPATCHER,)),
        Rung("district", "1紧急工作时", (Tells.DISTRICT_LEADER,)),
    ),
}
"""What holds instead for the calls of a street while an emergency is declared there; other clocks keep their own."""

DEFAULT_LADDERS: Mapping[str, Ladder] = {
    SIGN: (
        Rung("half", "50%", (Tells.LIAISON,)),
        Rung("deputy", AT_DUE, (Tells.LIAISON, Tells.DEPUTY)),
        Rung("leader", "1工作时", (Tells.DEPARTMENT_LEADER,)),
        Rung("hub", "4工作时", (Tells.HUB,)),
    ),
    HANDLE: (
        Rung("half", "50%", (Tells.LIAISON,)),
        Rung("late", "80%", (Tells.LIAISON,)),
        Rung("due", AT_DUE, (Tells.DEPUTY, Tells.DEPARTMENT_LEADER)),
        Rung("hub", "4工作时", (Tells.HUB,)),
        Rung("district", "1工作日", (Tells.DISTRICT_LEADER,)),
    ),
    INTERIM: (
        Rung("late", "80%", (Tells.LIAISON,)),
        Rung("missing", AT_DUE, (Tells.CALLER,)),
    ),
    # the officer has one card of all that waits; his deputies have it from the deadline on
    START: (
        Rung("deputy", AT_DUE, (Tells.DEPUTY,)),
        Rung("hub", "2工作时", (Tells.HUB,)),
    ),
    HUB_TASK: (
        Rung("due", AT_DUE, (Tells.DISPATCHER,)),
        Rung("district", "4工作时", (Tells.DISTRICT_LEADER,)),
    ),
    REQUEST: (Rung("half", "50%", (Tells.DECIDER,)),),
    # a leader reads one message a day: what waits for his signature is on one card and in his digest
    RELEASE: (),
    VERIFICATION: (Rung("late", "66%", (Tells.CALLER,)),),
    DRAFT: (
        Rung("author", "start+0.5紧急工作时", (Tells.AUTHOR,)),
        Rung("listed", "start+0.5紧急工作时 17:00 20:30", (Tells.COMMUNITY,)),
    ),
    STREET_QUESTION: (Rung("due", AT_DUE, (Tells.OFFICER, Tells.ASKER)),),
    REFERRAL: (
        Rung("due", AT_DUE, (Tells.LEADER,)),
        Rung("hub", "1工作日", (Tells.DISPATCHER,)),
    ),
    ADMISSION: (Rung("late", "80%", (Tells.DECIDER,)),),
}

_WITHOUT_ASSIGNMENT: Mapping[str, frozenset[Tells]] = {
    DRAFT: frozenset({Tells.AUTHOR, Tells.COMMUNITY}),
    STREET_QUESTION: frozenset({Tells.OFFICER, Tells.ASKER}),
    REFERRAL: frozenset({Tells.LEADER, Tells.DISPATCHER}),
    ADMISSION: frozenset({Tells.DECIDER}),
}
_OF_A_CASE = frozenset(Tells) - {Tells.AUTHOR, Tells.COMMUNITY, Tells.ASKER, Tells.LEADER}


def told_by(clock: str) -> frozenset[Tells]:
    """Whom the steps of that clock can tell."""
    return _WITHOUT_ASSIGNMENT.get(clock, _OF_A_CASE)
