"""Texts and code fit: what is named exists, what exists is named, and what a text needs is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import bot.domain.deadlines
import bot.domain.limits
import bot.domain.work_calendar  # noqa: F401
from bot.application.calls.report_back import OUTCOMES
from bot.application.views.others import REASONS
from bot.domain.assignment import AssignmentState
from bot.domain.catalogue import FirstHandler
from bot.domain.chat import GROUP_KINDS
from bot.domain.deadlines import Reason
from bot.domain.errors import Refusal
from bot.domain.evaluation import Verdict
from bot.domain.hub_task import HubTaskKind
from bot.domain.meeting import Reply
from bot.domain.minutes import Wrong
from bot.domain.people import Role
from bot.domain.returning import Ground
from bot.domain.ticket import Stage
from bot.gateway.poll_failure import FAILURES
from bot.text.catalogue import LOCALES
from handlers.desk import LEVELS
from tests.text.needs import named, needed
from tests.text.reading import TEXTS
from tests.text.uses import Use, literals, refusals_raised, uses

KEYS = TEXTS.keys("zh")
COMPUTED: Mapping[str, Iterable[str]] = {
    "stage-": Stage,
    "state-": AssignmentState,
    "role-": Role,
    "kind-": GROUP_KINDS,
    "first-": FirstHandler,
    "reason-": Reason,
    "button-": Verdict,
    "button-outcome-": OUTCOMES,
    "button-board-": ("all", "overdue"),
    "button-level-": LEVELS,
    "task-": HubTaskKind,
    "button-ground-": [ground for ground in Ground if ground is not Ground.WORDS],
    "button-reason-": REASONS,
    "button-reply-": Reply,
    "answer-reply-": (Reply.ATTENDS, Reply.EXCUSED, Reply.ARRIVED),
    "minutes-": Wrong,
    "doctor-title-": (
        *(
            "config",
            "database",
            "backlog",
            "dead-letters",
            "messages",
            "last-poll",
            "scan",
            "disk",
            "files",
            "calendar",
        ),
        *("units", "streets", "hub", "list", "token", "webhook-secret", "telegram", "clock", "privacy-mode", "updates"),
        *("groups", "group"),
    ),
    "doctor-why-": [kind.replace(" ", "-") for kind in FAILURES],
    "command-": ("report", "status", "mine", "item", "board", "withdraw", "why", "help", "lang"),
}
"""Keys that the code puts together: everything that may follow these beginnings."""

FILLED_IN_BY_HANDLERS = {"state_words", "who_words", "by_name", "hint", "at"}
"""What handlers add to the fields of a refusal before they fill its sentence."""


def refusal_codes() -> dict[str, str]:
    """Code and class of every refusal of the domain."""
    found, left = {}, [Refusal]
    while left:
        each = left.pop()
        left += each.__subclasses__()
        if each.__module__.startswith("bot.domain."):
            found[each.code] = each.__name__
    return found


def keys_of(use: Use) -> list[str]:
    return [f"{use.key}{each}" for each in COMPUTED.get(use.key, ())] if use.pattern else [use.key]


def test_both_languages_have_the_same_keys() -> None:
    for locale in LOCALES:
        missing = KEYS ^ TEXTS.keys(locale)
        assert not missing, f"not in both of zh and {locale}: {sorted(missing)}"


def test_calls_that_speak_are_found() -> None:
    """Guards the reading itself: a scan that finds nothing would find no fault."""
    found = {use.key for use in uses()}
    assert {
        "draft-card",
        "unit-card",
        "button-sign",
        "step-owing",
        "signed-reply",
        "clock-alarm",
        "answer-signed",
    } <= found


def test_every_text_that_is_named_exists() -> None:
    missing = [f"{use.where} {use.callee}: {key}" for use in uses() for key in keys_of(use) if key not in KEYS]
    assert not missing, "no such text:\n" + "\n".join(missing)


def test_every_computed_text_is_accounted_for() -> None:
    unknown = [f"{use.where} {use.callee}: {use.key}…" for use in uses() if use.pattern and use.key not in COMPUTED]
    assert not unknown, "beginnings that COMPUTED does not know:\n" + "\n".join(unknown)


def test_every_refusal_has_its_sentence() -> None:
    missing = [f"{name}: {code}" for code, name in refusal_codes().items() if code not in KEYS]
    assert not missing, "refusals without a sentence:\n" + "\n".join(missing)


def test_every_text_is_used() -> None:
    spoken = {key for use in uses() for key in keys_of(use)} | literals() | set(refusal_codes()) | {"language"}
    unused = sorted(KEYS - spoken)
    assert not unused, f"in zh, named nowhere in bot/ and handlers/: {unused}"


def test_what_a_text_needs_is_given() -> None:
    lacking = []
    for use in uses():
        if use.given is not None and use.callee not in {"View", "message", "plain", "caption"}:
            for key in keys_of(use):
                lacks = {name for locale in LOCALES if key in KEYS for name in needed(locale, key) - use.given}
                lacking += [f"{use.where} {use.callee}: {key} needs {sorted(lacks)}"] if lacks else []
    assert not lacking, "\n".join(lacking)


def test_a_message_that_is_given_a_code_shows_it() -> None:
    silent = []
    for use in uses():
        if "code" in (use.given or ()) and use.callee not in {"Button", "View", "toast", "word"}:
            for key in keys_of(use):
                dumb = [locale for locale in LOCALES if key in KEYS and "code" not in named(locale, key)]
                silent += [f"{use.where}: {key} in {dumb}"] if dumb else []
    assert not silent, "\n".join(silent)


def test_what_the_sentence_of_a_refusal_needs_is_given() -> None:
    codes = {name: code for code, name in refusal_codes().items()}
    lacking = []
    for name, where, given in refusals_raised():
        if name in codes and given is not None:
            lacks = {each for locale in LOCALES for each in needed(locale, codes[name])} - given - FILLED_IN_BY_HANDLERS
            lacking += [f"{where} {name}: {codes[name]} needs {sorted(lacks)}"] if lacks else []
            states = "state_words" in needed("zh", codes[name])
            if states and not given & {"state", "stage"}:
                lacking.append(f"{where} {name}: {codes[name]} needs state or stage")
    assert not lacking, "\n".join(lacking)
