"""A story as a play: every act of a person and everything the bot did, in order, compared in full with a file.

`story = Story(world)`, then act through the world; `story.scene("…")` heads what follows, `story.compare("ruling")` holds
it against `transcripts/ruling.txt` (`WRITE_GOLDEN=1` writes that file: read it as the people in it would).

    10:00 李网格 @ 望澜街道工作群 ▸ 路灯不亮了        a person writes; `▸ [确认上报]` presses
          机器人 @ 望澜街道工作群 ‹静› …              a message: ‹响› wakes, ‹静› does not; ‹改› edited in place (`⋮`: lines
                                                      that stay; [—]: no button now), ‹删› deleted,
                                                      ‹提示› and ‹弹窗› answer a press

What happens between an act (or a moment of the clock) and rest is one step. It is told as its outcome, chat by chat,
since how many sendings lie between is the dispatcher's and the machine's affair.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.playground.model import ChatKind, Content, MediaKind, Message
from bot.playground.queries import PressAnswer
from tests.support.world import World

FOLDER = Path(__file__).parent / "transcripts"
_CODE = re.compile(r"JL-\d{8}-(\d{4})")
_TOKEN = re.compile(r"(?<=start=)[\w-]+|\b[A-Z\d]{10}\b")
_INDENT, _QUOTED = " " * 6, 14
_FILES = {MediaKind.PHOTO: "〔照片〕", MediaKind.DOCUMENT: "〔文件〕", MediaKind.VOICE: "〔语音〕"}

_NOTICES = {"left_chat_member": " 出群", "new_chat_members": " 进群"}


@dataclass(frozen=True, slots=True)
class _Look:
    """What of a message people see."""

    content: Content
    buttons: str
    deleted: bool
    reactions: tuple[tuple[int, str], ...]


class Story:
    """Records a world from now on."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines: list[str] = []
        self._presses: list[tuple[int, list[str]]] = []
        self._seen = {key: look for key, _, look in self._all()}
        self._day = ""
        self._settle, self._press = world.app.settle, world.play.press
        setattr(world.app, "settle", self._settle_and_look)  # noqa: B010  (mypy: a method is replaced on purpose)
        setattr(world.play, "press", self._press_and_note)  # noqa: B010

    def scene(self, title: str) -> None:
        """A heading for what follows."""
        self._lines += ["", f"—— {title} ——"]

    def told(self) -> str:
        """Everything until now."""
        return "\n".join(self._lines).strip() + "\n"

    def compare(self, name: str) -> None:
        """Fails with the difference unless it is exactly what the file of that name says."""
        path, told = FOLDER / f"{name}.txt", self.told()
        if os.environ.get("WRITE_GOLDEN"):
            path.write_text(told, encoding="utf-8")
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        changed = difflib.unified_diff(kept.splitlines(), told.splitlines(), path.name, "told now", lineterm="", n=4)
        assert kept == told, "if it is meant so, WRITE_GOLDEN=1 and read it again:\n" + "\n".join(changed)

    async def _settle_and_look(self) -> None:
        await self._settle()
        self._look()

    async def _press_and_note(
        self, user: int, chat: int, message_id: int, button: object = None, **how: object
    ) -> object:
        message = self._world.play.world.message(chat, message_id)
        caption = next((each for each in _captions(message) if each == button), None)
        caption = caption or next((each for each in _captions(message) if str(button) in each), str(button))
        lines = [f"{self._name(user)} @ {self._place(chat)} ▸ [{caption}]　‹{_short(message.text)}›"]
        self._presses.append((chat, lines))
        answer: PressAnswer = await self._press(user, chat, message_id, button, **how)  # type: ignore[arg-type]
        if answer.text:
            lines += _told(f"机器人 {'‹弹窗›' if answer.alert else '‹提示›'} ", _plain(answer.text))
        return answer

    def _look(self) -> None:
        """One step: what people did first, then what the bot did, where they did it first."""
        acts = list(self._presses)
        self._presses.clear()
        done: list[tuple[int, list[str]]] = []
        for key, message, look in self._all():
            before = self._seen.get(key)
            if look != before:
                by_bot = message.sender is self._world.play.bot
                (done if by_bot else acts).append((message.chat_id, self._change(message, before, look)))
            self._seen[key] = look
        where = [chat for chat, _ in acts]
        done.sort(key=lambda each: where.index(each[0]) if each[0] in where else len(where))
        self._write([lines for _, lines in acts + done if lines])

    def _write(self, steps: list[list[str]]) -> None:
        if not steps:
            return
        local = self._world.app.district().local(self._world.now)
        day = f"{local.month}月{local.day}日 周{'一二三四五六日'[local.weekday()]}"
        if day != self._day:
            self._lines += ["", f"══ {day} ══"]
            self._day = day
        head, *rest = [line for lines in steps for line in lines]
        self._lines += [f"{local:%H:%M} {head}", *(_INDENT + line for line in rest)]

    def _all(self) -> Iterator[tuple[tuple[int, int], Message, _Look]]:
        """Groups as they were opened, then people's private chats; each oldest first."""
        chats = self._world.play.world.chats
        groups = [chat for chat in chats.values() if chat.kind is not ChatKind.PRIVATE]
        private = sorted((chat for chat in chats.values() if chat.kind is ChatKind.PRIVATE), key=lambda each: each.id)
        for chat in groups + private:
            for message in chat.messages.values():
                reactions = tuple(sorted(message.reactions.items()))
                look = _Look(message.content, _row_of(message), message.deleted, reactions)
                yield (chat.id, message.message_id), message, look

    def _change(self, message: Message, before: _Look | None, look: _Look) -> list[str]:
        who = f"{self._author(message)} @ {self._place(message.chat_id)} "
        if before is None:
            return self._new(who, message)
        if look.deleted:
            return [f"{who}‹删› {_short(message.text)}"]
        if look.reactions != before.reactions:
            return [f"{self._name(user)} @ {self._place(message.chat_id)} {emoji}" for user, emoji in look.reactions]
        lines = _told(who + "‹改› ", _kept_lines(_words(before.content), _words(look.content)))
        return lines + [f"  {look.buttons or '[—]'}"] * (look.buttons != before.buttons)

    def _new(self, who: str, message: Message) -> list[str]:
        words = _words(message.content)
        if message.posting.origin:
            words = f"〔转发 {message.posting.origin.sender.first_name}〕{words}"
        if message.reply_to is not None:
            answered = self._world.play.world.message(message.chat_id, message.reply_to)
            who += f"↩‹{_short(_words(answered.content))}› "
        if message.sender is self._world.play.bot:
            lines = _told(who + ("‹静› " if message.silent else "‹响› "), words)
        else:
            lines = _told(who + "▸ ", words)
        return lines + [f"  {_row_of(message)}"] * bool(message.buttons) + ["  ‹删›"] * message.deleted

    def _author(self, message: Message) -> str:
        return "机器人" if message.sender is self._world.play.bot else message.sender.first_name

    def _name(self, user: int) -> str:
        return "机器人" if user == self._world.play.bot.id else self._world.play.world.person(user).first_name

    def _place(self, chat: int) -> str:
        found = self._world.play.chat(chat)
        return f"{found.title}私聊" if found.kind is ChatKind.PRIVATE else found.title


def _words(content: Content) -> str:
    file = _FILES[content.media.kind] if content.media else "〔位置〕" if content.location else ""
    words = (
        f"〔{content.service.line}{_NOTICES.get(content.service.field, '')}〕"
        if content.service
        else file + content.text
    )
    return _plain(words)


def _plain(words: str) -> str:
    """Codes as people say them, no random token."""
    return _TOKEN.sub("…", _CODE.sub(r"\1", words))


def _told(head: str, words: str) -> list[str]:
    first, *rest = words.splitlines() or [""]
    return [(head + first).rstrip(), *(f"  {line}".rstrip() for line in rest)]


def _short(words: str) -> str:
    first = _plain(words).splitlines()[0] if words else ""
    return first if len(first) <= _QUOTED else first[:_QUOTED] + "…"


def _kept_lines(before: str, now: str) -> str:
    """The new words, where two or more lines stay as they were only `⋮` for them."""
    old, new, told = before.splitlines(), now.splitlines(), list[str]()
    for tag, _, _, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        told += ["⋮"] if tag == "equal" and end - start > 1 else new[start:end]
    return "\n".join(told)


def _captions(message: Message) -> list[str]:
    return [caption for row in message.buttons for caption in row]


def _row_of(message: Message) -> str:
    return " ".join(f"[{caption}]" for caption in _captions(message))
