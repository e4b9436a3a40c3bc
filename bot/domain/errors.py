"""Refusals: what the mechanism does not allow, with a code and fields and never a sentence."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Something a person asked for is not allowed; the text is found by `code` and filled with `fields`."""

    code: ClassVar[str] = "refused"

    def __init__(self, **fields: object) -> None:
        super().__init__(self.code, fields)
        self.fields = fields


class TransitionNotAllowed(Refusal):
    """The assignment is in a state from which this move does not lead; `state` and `by` say where and who was first."""

    code = "transition-not-allowed"


class NotPermitted(Refusal):
    """This person may not do that; `who` names the roles that may."""

    code = "not-permitted"


class TicketEnded(Refusal):
    """The ticket has ended as `stage`."""

    code = "ticket-ended"


class TicketNotFound(Refusal):
    """No ticket of that code is to be seen from here."""

    code = "ticket-not-found"


class TicketAmbiguous(Refusal):
    """Several open tickets fit; `codes` lists them."""

    code = "ticket-ambiguous"


class ButtonStale(Refusal):
    """The button belongs to a subject that has changed since."""

    code = "button-stale"


class DraftSettled(Refusal):
    """The draft was confirmed, joined, discarded or expired before."""

    code = "draft-settled"


class CodeInvalid(Refusal):
    """The one-time code is unknown, used or too old."""

    code = "code-invalid"


class CodeWrongPlace(Refusal):
    """The one-time code is of the other kind: groups bind in groups, people join in private."""

    code = "code-wrong-place"


class AnonymousSender(Refusal):
    """An anonymous administrator or a channel wrote; only a button press shows a real person."""

    code = "anonymous-sender"


class UndoTooLate(Refusal):
    """The thirty seconds are over, or somebody has gone on from there."""

    code = "undo-too-late"


class ItemUnknown(Refusal):
    """No item of the list has that code or fits that word."""

    code = "item-unknown"


class UnitUnknown(Refusal):
    """No unit of that code."""

    code = "unit-unknown"


class BothSides(Refusal):
    """The person has roles on both sides of this ticket and may neither rule on nor evaluate it."""

    code = "both-sides"


class NothingToDo(Refusal):
    """There is nothing here that the words could mean."""

    code = "nothing-to-do"


class ReturnWindowOver(Refusal):
    """The unit could ask to return the call until `until`; `ticket` is its code."""

    code = "return-window-over"


class AlreadyAsked(Refusal):
    """The street was asked its one question about `ticket` before."""

    code = "already-asked"


class NothingWaits(Refusal):
    """Nothing waits for the hub that somebody else does not have in hand."""

    code = "nothing-waits"


class MergeRefused(Refusal):
    """`ticket` cannot go on in `target`; `why` is circle, ended, sensitive or asked."""

    code = "merge-impossible"


class TextMissing(Refusal):
    """A few words are needed and none were given."""

    code = "text-missing"


class NothingToReport(Refusal):
    """The message that was pointed at has neither words nor a picture."""

    code = "nothing-to-report"


class ChatNotBound(Refusal):
    """The group is bound to nobody yet."""

    code = "chat-not-bound"


class UrgeTooSoon(Refusal):
    """The unit was urged a short while ago, or often enough; `at` says when it is possible again."""

    code = "urge-too-soon"


class CallBackAsked(Refusal):
    """The street was asked to call at `asked_at` (None: that was taken back); `again_at` says when it can be asked again."""

    code = "call-back-asked"


class RequestOpen(Refusal):
    """One request waits for its answer already."""

    code = "request-open"


class TooManyRequests(Refusal):
    """As many requests as are possible were granted in this round: `count`; `asks` is the kind."""

    code = "too-many-requests"


class TooLateToAsk(Refusal):
    """The deadline `due_at` is over; time is asked for before."""

    code = "too-late-to-ask"


class AmountMissing(Refusal):
    """The words do not say for how much more time, in the unit of `limit`."""

    code = "amount-missing"


class EndMissing(Refusal):
    """The words do not say until when, or it is past or after `latest_at`."""

    code = "end-missing"


class RequestSettled(Refusal):
    """The request was decided, taken back or overtaken before."""

    code = "request-settled-before"


class DutyNotRead(Refusal):
    """The line names no days or no names that can be read."""

    code = "duty-not-read"


class DelegationNotRead(Refusal):
    """Nobody is named to whom something is given, or a word names no act that can be given."""

    code = "delegation-not-read"


class NothingToHandOver(Refusal):
    """Nothing is held here that could be handed over, or nobody is named to whom."""

    code = "nothing-to-hand-over"


class NotTheSuccessor(Refusal):
    """Only `name` can accept it."""

    code = "not-the-successor"


class DigestTimesInvalid(Refusal):
    """These are no times of a day at which a digest could come."""

    code = "digest-times-invalid"


class OwnCorrection(Refusal):
    """Whoever corrected the bot does not release the correction as well."""

    code = "own-correction"


class CorrectionSettled(Refusal):
    """Somebody has released or dropped it already."""

    code = "correction-settled"


class NobodyToTell(Refusal):
    """Nobody of those who should be told can be written to."""

    code = "nobody-to-tell"


class VersionConflict(Exception):
    """Somebody else changed the same row first; the unit of work runs again and the table judges."""
