"""Every sentence for a person, by key and language. User content is escaped here and nowhere else.

Two environments: `html` for messages, `plain` for button captions, answers to presses and the fall-back after a
refused markup, where `&#39;` would be shown as such.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources

import jinja2

from bot.text.filters import FILTERS

LOCALES = ("zh", "en")
CAPTION_LENGTH = 60
_BLANKS = re.compile(r"\n{2,}")
_MARKUP = re.compile(r"</?(?:b|i|a|code|blockquote)(?: [^>]*)?>")


class Texts:
    """The catalogue, loaded once; rendering needs no other state. Unknown keys raise `KeyError`."""

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self._sources = {locale: _load(locale) for locale in LOCALES}
        self._html = {locale: _environment(source, zone, escape=True) for locale, source in self._sources.items()}
        self._plain = {locale: _environment(source, zone, escape=False) for locale, source in self._sources.items()}

    def keys(self, locale: str) -> frozenset[str]:
        """Every key of that language."""
        return frozenset(self._sources[locale])

    def message(self, key: str, locale: str, params: Mapping[str, object], *, now: datetime) -> str:
        """A message in Telegram's HTML."""
        return self._render(self._html, key, locale, params, now)

    def plain(self, key: str, locale: str, params: Mapping[str, object], *, now: datetime) -> str:
        """The same without markup: for servers that refuse it, for answers to presses."""
        return self._render(self._plain, key, locale, params, now)

    def caption(self, key: str, locale: str, params: Mapping[str, object]) -> str:
        """What stands on a button, in one short line."""
        text = self._render(self._plain, key, locale, params, None).replace("\n", " ")
        return text if len(text) <= CAPTION_LENGTH else text[: CAPTION_LENGTH - 1] + "…"

    def _render(
        self,
        environments: Mapping[str, jinja2.Environment],
        key: str,
        locale: str,
        params: Mapping[str, object],
        now: datetime | None,
    ) -> str:
        language = locale if locale in environments else LOCALES[0]
        try:
            template = environments[language].get_template(key)
        except jinja2.TemplateNotFound:
            raise KeyError(key) from None
        return _BLANKS.sub("\n", template.render({**params, "now": now})).strip()


def _load(locale: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for page in sorted(resources.files("bot.text.locales").joinpath(locale).iterdir(), key=lambda each: each.name):
        for key, value in tomllib.loads(page.read_text("utf-8")).items():
            if key in texts:
                raise ValueError(f"{locale}/{page.name} says {key} a second time")
            texts[key] = value.strip("\n")
    return texts


def _environment(source: dict[str, str], zone: str, *, escape: bool) -> jinja2.Environment:
    # taken out of the templates and not of what was rendered: `<b>` in somebody's own words stays
    shown = source if escape else {key: _MARKUP.sub("", template) for key, template in source.items()}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(shown),
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals["zone"] = zone
    environment.globals["lang"] = "en" if source.get("language") == "en" else "zh"
    environment.filters.update(FILTERS)
    return environment
