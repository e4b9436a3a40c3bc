"""What a check found: by key, so that whoever looks after the machine reads it in his language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.text.catalogue import Texts


class State(StrEnum):
    """How a check went."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check; the first line of its text says what was found, the second, if there is one, what to do about it."""

    name: str
    state: State
    key: str
    params: Mapping[str, object] = field(default_factory=dict)
    of: str = ""
    """Which of several things of that name, such as a group."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words; `name` stays the same in every language, `title` is what it is called in this one."""

    name: str
    state: State
    title: str
    words: str
    remedy: str


def told(finding: Finding, texts: Texts, locale: str, now: datetime) -> Told:
    """The finding in that language."""
    params = dict(finding.params)
    if why := params.get("why"):
        params["why"] = texts.plain(f"doctor-why-{str(why).replace(' ', '-')}", locale, {}, now=now)
    words, _, remedy = texts.plain(finding.key, locale, params, now=now).partition("\n")
    key = f"doctor-title-{finding.name.replace(' ', '-')}"
    title = texts.plain(key, locale, {}, now=now) if key in texts.keys(locale) else finding.name
    return Told(_with(finding.name, finding.of), finding.state, _with(title, finding.of), words, remedy)


def _with(name: str, of: str) -> str:
    return f"{name} {of}" if of else name


def good(name: str, key: str, **params: object) -> Finding:
    """All is well."""
    return Finding(name, State.GOOD, key, params)


def warning(name: str, key: str, **params: object) -> Finding:
    """It works, and something should be looked at."""
    return Finding(name, State.WARNING, key, params)


def bad(name: str, key: str, **params: object) -> Finding:
    """Something that people rely on does not work."""
    return Finding(name, State.BAD, key, params)
