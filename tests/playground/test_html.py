"""HTML becomes entities as in Telegram, and Telegram's complaints are made where Telegram makes them."""

from __future__ import annotations

import pytest

from bot.playground.detect import cut_utf16, utf16_length, with_found
from bot.playground.errors import ApiError
from bot.playground.markup_text import parse_html


def covered(text: str, entity: dict) -> str:
    return cut_utf16(text, entity["offset"], entity["length"])


def kinds(entities: list[dict]) -> list[tuple[object, object, object]]:
    return [(each["type"], each["offset"], each["length"]) for each in entities]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("平", "平", []),
        ("<b>井盖</b>缺损", "井盖缺损", [("bold", 0, 2)]),
        ("➡️ ➡️<i>➡️ ➡️</i>", "➡️ ➡️➡️ ➡️", [("italic", 5, 5)]),
        ("🏟<b>a<i>b</i></b>", "🏟ab", [("bold", 2, 2), ("italic", 3, 1)]),
        ("&lt;b&gt; &amp;&quot;&#27979;&#x8bd5;&laquo;", '<b> &"测试&laquo;', []),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<i>a</>b", "ab", [("italic", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<a>not a link</a>", "not a link", []),
        ("1 > 0", "1 > 0", []),
    ],
)
def test_parses(source: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    found, entities = parse_html(source)
    assert (found, kinds(entities)) == (text, expected)


def test_keeps_links_and_languages() -> None:
    _, entities = parse_html('<a href="https://e.x/?a=1&amp;b=2">k</a><pre><code class="language-py">x</code></pre>')
    assert entities[0]["url"] == "https://e.x/?a=1&b=2"
    assert entities[1] == {"type": "pre", "offset": 1, "length": 1, "language": "py"}


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
        ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("温度<5度", "Unclosed start tag at byte offset 6"),
        ("a <- b>", 'Unsupported start tag "-" at byte offset 2'),
    ],
)
def test_complains(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/report 柳荫路", [("bot_command", "/report")]),
        ("/report@jiehu_demo_bot 柳荫路", [("bot_command", "/report@jiehu_demo_bot")]),
        ("/report柳荫路", []),
        ("a/b /x/y", []),
        ("找 @jiehu_demo_bot 看看", [("mention", "@jiehu_demo_bot")]),
        ("找@jiehu_demo_bot", []),
        ("见 https://t.me/a?start=x_1，谢谢", [("url", "https://t.me/a?start=x_1")]),
        ("t.me/jiehu_demo_bot?start=x", [("url", "t.me/jiehu_demo_bot?start=x")]),
        ("写 a.b@example.com 或 #井盖", [("email", "a.b@example.com"), ("hashtag", "#井盖")]),
        ("🏟 /help", [("bot_command", "/help")]),
    ],
)
def test_finds_by_itself(text: str, expected: list[tuple[str, str]]) -> None:
    found = with_found(text, ())
    assert [(each["type"], covered(text, each)) for each in found] == expected


def test_finds_nothing_inside_code() -> None:
    text, entities = parse_html("<code>/help</code> /mine")
    assert [each["type"] for each in with_found(text, entities)] == ["code", "bot_command"]


def test_counts_utf16() -> None:
    assert utf16_length("井🏟") == 3
