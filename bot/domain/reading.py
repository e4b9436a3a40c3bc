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


def read_message(understood: Interpretation, *, sure: float, ask: float, explicit: bool) -> Reading:
    """`sure` and `ask` are the two thresholds on the act; `explicit` means a person said that it is a report."""
    reportish = understood.act is Act.REPORT
    if Flag.ACCUSATION in understood.flags and (reportish or explicit):
        return Reading.ACCUSATION
    if explicit:
        return Reading.DRAFT
    if not reportish:
        return Reading.SILENT
    if understood.act_confidence >= sure:
        return Reading.DRAFT
    return Reading.ASK if understood.act_confidence >= ask else Reading.SILENT
