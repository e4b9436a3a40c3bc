"""Long texts: every word arrives, every part stands by itself."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.splitting import LIMIT, split
from bot.playground.markup_text import parse_html

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
PIECES = st.lists(st.tuples(st.sampled_from(["", "b", "i", "code", "blockquote"]), WORDS), max_size=25)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _written(pieces: list[tuple[str, str]]) -> str:
    return "".join(
        f"<{tag}>{html.escape(words)}\n</{tag}>" if tag else html.escape(words) + "\n" for tag, words in pieces
    )


def test_a_short_text_is_one_part() -> None:
    assert split("<b>好</b>\n", is_html=True) == ["<b>好</b>\n"]


def test_it_is_cut_at_line_ends() -> None:
    lines = [f"{number}" + "字" * 99 for number in range(100)]
    parts = split("\n".join(lines), is_html=True)
    assert "\n".join(parts).split("\n") == lines
    assert all(_units(part) <= LIMIT for part in parts) and len(parts) == 3


def test_a_line_that_fits_nowhere_is_cut() -> None:
    assert [len(part) for part in split("字" * 10_000, is_html=False)] == [4096, 4096, 1808]


def test_signs_outside_the_basic_plane_count_twice() -> None:
    assert [len(part) for part in split("🕳" * 3_000, is_html=False)] == [2048, 952]


@given(PIECES)
def test_every_part_is_valid_markup_and_no_word_is_lost(pieces: list[tuple[str, str]]) -> None:
    text = _written(pieces)
    parts = split(text, is_html=True, limit=40)
    shown = [parse_html(part)[0] for part in parts]
    assert all(_units(each) <= 40 for each in shown)
    assert _bare("".join(shown)) == _bare(parse_html(text)[0])


@given(PIECES)
def test_plain_words_are_cut_at_the_same_places(pieces: list[tuple[str, str]]) -> None:
    plain = "".join(words + "\n" for _, words in pieces)
    by_html = [parse_html(part)[0] for part in split(_written(pieces), is_html=True, limit=40)]
    assert [_bare(part) for part in split(plain, is_html=False, limit=40)] == [_bare(part) for part in by_html]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
