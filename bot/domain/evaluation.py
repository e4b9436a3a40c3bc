"""Verification and evaluation: is it so, and how good was it (section 4 of the design)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Actor

MAX_ROUNDS = 3


class Verdict(StrEnum):
    """What the person of record says; only `not_solved` starts a new round."""

    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"
    NOT_SOLVED = "not_solved"


NEEDS_REASON = frozenset({Verdict.DISSATISFIED, Verdict.NOT_SOLVED})


@dataclass(slots=True)
class Evaluation:
    """One answer to a report-back; `verdict` is None where silence closed it, which counts in no rate."""

    id: int
    ticket_id: int
    assignment_id: int
    round: int
    verdict: Verdict | None
    by: int | None
    at: datetime
    reason: str = ""


def stands_on_both_sides(actor: Actor, caller_codes: frozenset[str], assignee_codes: frozenset[str]) -> bool:
    """Whether the person holds a role for the caller and one for the unit of the same ticket."""
    held = {grant.of for grant in actor.all_grants()}
    return bool(held & caller_codes) and bool(held & assignee_codes)
