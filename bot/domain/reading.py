"""What to make of a message that was understood: speak, ask, or be silent. In a group silence wins every doubt."""

from __future__ import annotations

from enum import StrEnum

from nlu.types import Act, Flag, Interpretation


class Reading(StrEnum):
    """What the bot does about a free message."""

    SILENT = "silent"
    ASK = "ask"
    DRAFT = "draft"
    ACCUSATION = "accusation"


def is_accusation(understood: Interpretation | None, *, directed: bool) -> bool:
    """Whether it complains of somebody's conduct; `directed`: it is said to be a report, or answers one."""
    return understood is not None and Flag.ACCUSATION in understood.flags and (directed or understood.act is Act.REPORT)


def read_message(understood: Interpretation, *, sure: float, ask: float, explicit: bool) -> Reading:
    """`sure` and `ask` are the two thresholds on the act; `explicit` means a person said that it is a report."""
    if is_accusation(understood, directed=explicit):
        return Reading.ACCUSATION
    if explicit:
        return Reading.DRAFT
    if understood.act is not Act.REPORT:
        return Reading.SILENT
    if understood.act_confidence >= sure:
        return Reading.DRAFT
    return Reading.ASK if understood.act_confidence >= ask else Reading.SILENT
