"""Commands and the Chinese words that do the same; chatter that begins alike is no command."""

from __future__ import annotations

import pytest

from handlers.commands import COMMANDS
from handlers.words import ALONE, NEEDS_CODE, WORDS, command_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/report 路灯不亮", ("report", "路灯不亮")),
        ("/report@jiehu_bot 路灯不亮", ("report", "路灯不亮")),
        ("/STATUS JL-20261122-0007", ("status", "JL-20261122-0007")),
        ("进度 0007", ("status", "0007")),
        ("进度：0007", ("status", "0007")),
        ("催办 尾号 7", ("urge", "尾号 7")),
        ("撤回 0007 弄错了", ("withdraw", "0007 弄错了")),
        ("归口 井盖", ("item", "井盖")),
        ("上报", ("report", "")),
        ("静音 2小时", ("mute", "2小时")),
        ("静音", ("mute", "")),
        ("派单 0007 市政中心", ("dispatch", "0007 市政中心")),
        ("转承办人 张工", ("hand_on", "张工")),
        ("清单 逾期", ("board", "逾期")),
    ],
)
def test_words_that_are_commands(text: str, found: tuple[str, str]) -> None:
    assert command_in(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "催一下",
        "进度怎么样了",
        "催办 那个井盖",
        "撤回 刚才那条消息",
        "静音开会",
        "上报的材料交了没",
        "谁管 这么大一摊子事情哦你说说看嘛",
        "帮助 他一下",
    ],
)
def test_chatter_that_begins_alike_is_none(text: str) -> None:
    assert command_in(text) is None


def test_every_word_has_its_command() -> None:
    assert {name for name, _ in WORDS} <= set(COMMANDS)
    assert set(COMMANDS) >= ALONE and set(COMMANDS) >= NEEDS_CODE
