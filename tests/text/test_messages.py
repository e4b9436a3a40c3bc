"""Every text that is no card: messages, answers to presses, words, captions, in every language."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from jinja2 import nodes

from bot.delivery.render import with_moments
from bot.text.catalogue import LOCALES
from tests.text.district import CODE, LATER, NOW, ODD, ODD_ESCAPED
from tests.text.needs import filters_used, moments, parsed, sources
from tests.text.reading import LONGEST_CAPTION, LONGEST_TOAST, MOST_LINES, TEXTS, faults
from tests.text.samples import samples
from tests.text.test_views import VIEW_KEYS

KEYS = sorted(TEXTS.keys("zh") - VIEW_KEYS - {"language"})
CAPTIONS = [key for key in KEYS if key.startswith("button-")]
TOASTS = [key for key in KEYS if key.startswith("answer-")]
LISTS = {
    "mine": 11,
    "shift-summary": 11,
    "item-found": 9,
    "why": 32,
    "checklist": 28,
    "meetings": 11,
    "minutes-ask": 9,
}
"""How many lines may stand in texts that list what was asked for."""

INTERFACE_WORDS = {
    "button-confirm": "确认上报",
    "button-change-item": "换一项",
    "button-add-place": "补充地点",
    "button-not-a-report": "不是上报",
    "button-sign": "签收",
    "button-return": "退回",
    "button-report-back": "回告",
    "button-urge": "催办",
    "button-refuse": "驳回",
    "button-satisfied": "满意",
    "button-mostly": "基本满意",
    "button-dissatisfied": "不满意",
    "button-not_solved": "未解决",
    "button-start": "启动",
    "button-dispatch-to": "派单",
    "button-join": "并案",
    "button-keep": "街道自办",
    "button-convert": "转呼叫",
    "button-hand-on": "转承办人",
    "button-progress": "进展",
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", KEYS)
def test_a_text_reads_well_whatever_fills_it(key: str, locale: str) -> None:
    for params in samples(key, locale):
        html = TEXTS.message(key, locale, params, now=NOW)
        plain = TEXTS.plain(key, locale, params, now=NOW)
        found = faults(html, plain)
        if len(plain.split("\n")) > LISTS.get(key, MOST_LINES):
            found.append("has too many lines")
        assert not found, f"{locale}.toml {key} {found} with {params}:\n{plain}"
        if params.get("code") == CODE and not key.startswith("button-"):
            assert CODE in plain, f"{locale}.toml {key} does not show its code"
        assert '<b>"co"' not in html, f"{locale}.toml {key} does not escape"
        if ODD in plain:
            assert ODD_ESCAPED in html, f"{locale}.toml {key} does not escape"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", CAPTIONS)
def test_a_caption_is_one_short_line(key: str, locale: str) -> None:
    params = {"name": "群租与出租房（含公租房）管理" * 6, "code": CODE, "number": "①", "label": "button-report-back"}
    caption = TEXTS.caption(key, locale, params)
    assert 0 < len(caption) <= LONGEST_CAPTION, f"{locale}.toml {key}: {caption}"
    assert "\n" not in caption and "<" not in caption, f"{locale}.toml {key}: {caption}"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", TOASTS)
def test_an_answer_to_a_press_is_short(key: str, locale: str) -> None:
    for params in samples(key, locale):
        plain = TEXTS.plain(key, locale, params, now=NOW)
        assert len(plain) <= LONGEST_TOAST and "\n" not in plain, f"{locale}.toml {key}: {plain}"


@pytest.mark.parametrize(("key", "word"), INTERFACE_WORDS.items())
def test_buttons_contain_the_words_that_outsiders_rely_on(key: str, word: str) -> None:
    assert word in TEXTS.caption(key, "zh", {"code": CODE, "name": "市政中心"})


@pytest.mark.parametrize("key", ["button-item", "button-dispatch-to", "late-outcome", "name-noted"])
def test_people_s_own_markup_stays_in_plain_text_and_captions(key: str) -> None:
    params = {"name": ODD, "text": ODD}
    assert ODD in TEXTS.caption(key, "zh", params)
    assert ODD in TEXTS.plain(key, "zh", params, now=NOW)
    assert ODD_ESCAPED in TEXTS.message(key, "zh", params, now=NOW)


def test_our_own_markup_is_gone_from_plain_text() -> None:
    params = next(islice(samples("item-found", "zh"), 1))
    assert "<b>" in TEXTS.message("item-found", "zh", params, now=NOW)
    assert "<" not in TEXTS.plain("item-found", "zh", params, now=NOW)


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_switches_escaping_off(locale: str) -> None:
    for key in sources(locale):
        assert not filters_used(locale, key) & {"safe", "tojson", "urlize", "xmlattr"}, f"{locale}.toml {key}"
        switched = list(parsed(locale, key).find_all((nodes.EvalContextModifier, nodes.MarkSafe)))
        assert not switched and "autoescape" not in sources(locale)[key], f"{locale}.toml {key}"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_template_asks_for_jinja_s_own_self(locale: str) -> None:
    for key in sources(locale):
        names = {name.name for name in parsed(locale, key).find_all(nodes.Name)}
        assert "self" not in names, f"{locale}.toml {key}: say kept"


@pytest.mark.parametrize("locale", LOCALES)
def test_moments_have_names_that_storage_gives_back_as_moments(locale: str) -> None:
    for key in set(sources(locale)) - VIEW_KEYS:
        for name in moments(locale, key):
            given = with_moments({name: LATER.isoformat()})[name]
            assert given == LATER, f"{locale}.toml {key}: {name} would arrive as text"


def test_nobody_is_ordered_about() -> None:
    for key, text in sources("zh").items():
        assert not re.search("请务必|务必|立即|严肃|马上", text.replace("“收到，马上去”", "")), f"zh {key}"


def test_english_speaks_english() -> None:
    """Chinese stands in English only in brackets or quotation marks, as a term of art or as what to type."""
    for key, text in sources("en").items():
        bare = re.sub(r"\([^()]*\)|“[^”]*”|\{\{.*?\}\}|\{%.*?%\}|/item 井盖", "", text)
        assert not re.search("[\u4e00-\u9fff，。；：]", bare), f"en.toml {key}: {bare}"


@pytest.mark.parametrize("locale", ["fr", "", "zh-CN"])
def test_a_language_that_there_is_not_is_chinese(locale: str) -> None:
    assert TEXTS.plain("undone", locale, {}, now=NOW) == "已撤销。"


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyError, match="no-such-text"):
        TEXTS.message("no-such-text", "zh", {}, now=NOW)
