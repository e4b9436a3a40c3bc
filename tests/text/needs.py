"""What a template asks for, read from its syntax."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache

import jinja2
from jinja2 import meta, nodes

from bot.text.filters import FILTERS
from tests.text.uses import ROOT

ALWAYS_THERE = frozenset({"now", "zone", "lang"})
_ENVIRONMENT = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
_ENVIRONMENT.filters.update(FILTERS)


@cache
def sources(locale: str) -> dict[str, str]:
    """The templates of one language as they are written."""
    pages = sorted((ROOT / "bot/text/locales" / locale).glob("*.toml"))
    return {key: text for page in pages for key, text in tomllib.loads(page.read_text("utf-8")).items()}


@cache
def parsed(locale: str, key: str) -> nodes.Template:
    """The template's syntax."""
    return _ENVIRONMENT.parse(sources(locale)[key])


def named(locale: str, key: str) -> frozenset[str]:
    """Every name that the template uses, needed or not."""
    return frozenset(meta.find_undeclared_variables(parsed(locale, key))) - ALWAYS_THERE


def needed(locale: str, key: str) -> frozenset[str]:
    """Names without which the template fails; those it asks for with `is defined` are not among them."""
    tree = parsed(locale, key)
    guarded = {
        test.node.name
        for test in tree.find_all(nodes.Test)
        if test.name == "defined" and isinstance(test.node, nodes.Name)
    }
    return named(locale, key) - guarded


def moments(locale: str, key: str) -> Iterator[str]:
    """Names of what the template says as a moment; of `case.due_at` the last."""
    for each in parsed(locale, key).find_all(nodes.Filter):
        if each.name in {"when", "day"}:
            if isinstance(each.node, nodes.Name):
                yield each.node.name
            elif isinstance(each.node, nodes.Getattr):
                yield each.node.attr


def filters_used(locale: str, key: str) -> set[str]:
    """The filters that the template uses."""
    return {each.name for each in parsed(locale, key).find_all(nodes.Filter)}
