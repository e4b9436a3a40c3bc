"""What has a ladder: each kind of due row with the loader of what waits by it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.application.clocks.waiting import (
    Loader,
    load_clocks,
    load_hub_tasks,
    load_releases,
    load_requests,
    load_starts,
    load_verifications,
)
from bot.application.records import DueKind
from bot.application.reporting.unconfirmed import load_drafts
from bot.application.requests.question_clock import load_questions
from bot.application.ways.referral_clock import load_referrals
from bot.application.ways.street_call_clock import load_street_calls

LOADERS: Mapping[DueKind, Loader] = {
    DueKind.START: load_starts,
    DueKind.SIGN: load_clocks,
    DueKind.HANDLE: load_clocks,
    DueKind.INTERIM: load_clocks,
    DueKind.HUB_TASK: load_hub_tasks,
    DueKind.VERIFICATION: load_verifications,
    DueKind.RELEASE: load_releases,
    DueKind.REQUEST: load_requests,
    DueKind.DRAFT: load_drafts,
    DueKind.STREET_QUESTION: load_questions,
    DueKind.REFERRAL: load_referrals,
    DueKind.STREET_CALL: load_street_calls,
}
"""Another kind is a line here, its loader in a module of its own."""
