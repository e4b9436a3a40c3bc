"""An interpreter for tests of everything but understanding: a few known openings are reports, the rest is chatter."""

from __future__ import annotations

import re

from nlu.types import Act, Context, Decision, Entity, EntityKind, Interpretation, ItemGuess

REPORTS = {"路灯不亮": "SZ-04", "路面破损": "SZ-01", "公厕没人管": "SR-10", "树枝没人剪": "YL-02", "线缆杂乱": "SZ-10"}
"""How a report begins, and its item; all of level 一般, each with one unit for the whole district."""

SENTENCES = {"已到现场": Act.PROGRESS, "已处理完毕": Act.REPORT_BACK, "收到马上去": Act.SIGN}
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}路\d+号")


class PlainWords:
    """`Interpreter` by the first words of a message."""

    name = "plain-words"

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Sure of everything it knows, and of nothing else."""
        item = next((code for words, code in REPORTS.items() if text.startswith(words)), None)
        if item is None:
            act = next((act for words, act in SENTENCES.items() if text.startswith(words)), Act.CHATTER)
            return Interpretation(text, act, 0.99, Decision.ABSTAIN)
        others = [code for code in REPORTS.values() if code != item]
        items = (ItemGuess(item, 0.96), *(ItemGuess(code, 0.01) for code in others))
        place = _PLACE.search(text)
        places = (Entity(EntityKind.PLACE, place.group(), place.start(), place.end()),) if place else ()
        return Interpretation(text, Act.REPORT, 0.99, Decision.ACCEPT, items, places)

    async def close(self) -> None:
        """Nothing is open."""
