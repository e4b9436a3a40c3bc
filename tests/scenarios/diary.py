"""What the bot said to whom and when, a line a message: transcripts that can be read and compared."""

from __future__ import annotations

from tests.support.world import CHEN, COMMUNITY, HE, HUB, LEADER, LI, OFFICER, STREET, UNIT, WANG, World

WHO = {
    STREET: "街道群",
    UNIT: "单位群",
    HUB: "中枢群",
    COMMUNITY: "社区群",
    LI: "李网格",
    WANG: "王联络",
    HE: "何主任",
    CHEN: "陈调度",
    LEADER: "吴区长",
    OFFICER: "郑副书记",
}


DIGESTS = ("📋", "☀️")
"""The digests of the day have stories of their own."""


class Diary:
    """New messages since it was opened, or since it was read last, in the order in which they were sent."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen = {chat: self._ids(chat) for chat in WHO}

    def _ids(self, chat: int) -> set[int]:
        return {message.message_id for message in self._world.play.said_by_bot(chat)}

    def read(self, *, lines: int = 1) -> list[str]:
        """`11-23 10:00 王联络 | ⏰ …`: moment, whom, and the first line or lines; the code is left out."""
        found = []
        for chat, name in WHO.items():
            for message in self._world.play.said_by_bot(chat):
                if message.message_id not in self._seen[chat] and not message.text.startswith(DIGESTS):
                    local = self._world.app.district().local(message.date)
                    text = " / ".join(message.text.splitlines()[:lines])
                    found.append((message.date, message.message_id, f"{local:%m-%d %H:%M} {name} | {text}"))
            self._seen[chat] = self._ids(chat)
        return [line.replace("JL-20261123-0001", "0001") for _, _, line in sorted(found)]
