"""Every card that the view functions can make is rendered in every language, with exactly what they supply."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from bot.application.views.view import View
from bot.text.catalogue import LOCALES
from tests.text.district import NOW, ODD, ODD_ESCAPED
from tests.text.every_view import every_view
from tests.text.reading import LONGEST_CAPTION, MOST_LINES, TEXTS, faults, rendered

VIEW_KEYS = {
    "draft-card", "draft-choice", "draft-asked", "draft-joined", "draft-expired", "discarded",
    "caller-card", "caller-card-brief", "resident-card", "ruling-card", "dispute-card", "board-card",
    "hub-chat-lost", "hub-unit-alone", "hub-resident", "merge-card",
    "unit-card", "unit-card-sensitive", "answer-form", "answer-sent",
    "verify-card", "verify-reason", "verify-done", "verify-withdrawn",
    "start-batch", "start-none", "release-batch", "release-none", "hub-task",
    "request-card", "request-settled",
    "street-call", "approval-card", "situation-card", "situation-proposed",
    "meeting-card", "invitation-card", "leader-card", "minutes-preview", "order-preview",
    "examples",
    "examples-none",
}  # fmt: skip


class Page(NamedTuple):
    """A view as it is read in one language."""

    view: View
    locale: str
    html: str
    plain: str


@pytest.fixture(scope="module")
def views() -> list[View]:
    """One of each distinct content."""

    async def collect() -> list[View]:
        return list({repr((v.key, v.params, v.rows)): v async for v in every_view()}.values())

    return asyncio.run(collect())


@pytest.fixture(scope="module")
def pages(views: list[View]) -> list[Page]:
    """Each text once, however many buttons it comes with."""
    distinct = {repr((view.key, view.params)): view for view in views}.values()
    return [Page(view, *shown) for view in distinct for shown in rendered(view.key, view.params, NOW)]


def test_every_text_of_a_card_is_reached(views: list[View]) -> None:
    assert {view.key for view in views} == VIEW_KEYS


def test_cards_read_well_in_every_language(pages: list[Page]) -> None:
    wrong: dict[tuple[str, str, str], str] = {}
    for page in pages:
        found = faults(page.html, page.plain)
        if len(page.plain.split("\n")) > MOST_LINES:
            found.append(f"has more than {MOST_LINES} lines")
        if "code" in page.view.params and str(page.view.params["code"]) not in page.plain:
            found.append("does not show its code")
        for fault in found:
            wrong.setdefault((page.locale, page.view.key, fault), page.plain)
    assert not wrong, "\n".join(f"{locale}.toml {key} {fault}:\n{text}" for (locale, key, fault), text in wrong.items())


def test_buttons_of_cards_fit_and_name_something(views: list[View]) -> None:
    buttons = {repr((b.label, b.params)): b for v in views for row in v.rows for b in row}.values()
    assert buttons
    for button in buttons:
        for locale in LOCALES:
            caption = TEXTS.caption(button.label, locale, button.params)
            assert 0 < len(caption) <= LONGEST_CAPTION, f"{locale}.toml {button.label}: {caption!r}"
            assert caption == " ".join(caption.split()), f"{locale}.toml {button.label}: {caption!r}"


def test_no_card_shows_people_s_markup_as_markup(pages: list[Page]) -> None:
    seen = set()
    for page in pages:
        assert '<b>"co"' not in page.html, f"{page.locale}.toml {page.view.key} does not escape"
        if ODD in page.plain:
            seen.add(page.view.key)
            assert ODD_ESCAPED in page.html, f"{page.locale}.toml {page.view.key}"
    assert {"draft-card", "caller-card", "unit-card", "hub-task", "resident-card", "verify-card"} <= seen


def test_a_sensitive_matter_shows_nothing_in_groups(pages: list[Page]) -> None:
    secret = ("盖子", "柳荫路", "家庭暴力", "井盖", "权属")
    for page in pages:
        if page.view.key == "unit-card-sensitive" or (page.view.key == "hub-task" and page.view.params["sensitive"]):
            shown = [word for word in secret if word in page.plain]
            assert not shown, f"{page.locale}.toml {page.view.key} shows {shown}:\n{page.plain}"


def test_what_the_street_does_itself_is_told_from_a_call(pages: list[Page]) -> None:
    handling = [p for p in pages if p.view.key == "caller-card" and p.view.params["stage"] == "handling"]
    assert {"街道自办" in p.plain for p in handling if p.locale == "zh" and p.view.params["kept"]} == {True}
    assert {"街道自办" in p.plain for p in handling if p.locale == "zh" and not p.view.params["kept"]} == {False}
