"""`jiehu doctor` as whoever looks after the machine reads it: in his language, each trouble with what to do."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.application.ports import UnitOfWork
from bot.application.records import Outgoing
from bot.domain.chat import Chat, ChatKind
from tests.cli.conftest import Line

SLOW_BY = 420.0
ANSWERS: Mapping[str, object] = {
    "getMe": {
        "id": 1,
        "is_bot": True,
        "first_name": "街呼",
        "username": "jiehu_bot",
        "can_read_all_group_messages": True,
    },
    "getWebhookInfo": {"url": "https://old.example.org/hook", "pending_update_count": 0},
    "getChatMember": {"status": "member"},
    "getChat": {"id": -1, "permissions": {"can_send_messages": False}},
}


class Api(BaseHTTPRequestHandler):
    """A Bot API whose clock is ahead of ours, with a webhook and a group where only administrators write."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps({"ok": True, "result": ANSWERS[self.path.rsplit("/", 1)[1]]}).encode()
        self.send_response_only(200)
        self.send_header("Date", formatdate(time.time() + SLOW_BY, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:abc")
    monkeypatch.setenv("TELEGRAM_BASE_URL", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    server.server_close()
    thread.join()


async def the_hub(uow: UnitOfWork) -> Chat:
    chat = await uow.chats.ensure(-1, title="锦澜区呼应中枢", private=False)
    bound = replace(chat, kind=ChatKind.HUB, of="hub")
    await uow.chats.save(bound)
    return bound


def spoken(line: Line, *words: str) -> str:
    return line("doctor", *words).stdout


@pytest.mark.parametrize(
    ("variables", "words", "first"),
    [
        ({"LANG": "C.UTF-8"}, (), "✔ 配置：config.yml 没有问题。"),
        ({"LANG": ""}, (), "✔ 配置：config.yml 没有问题。"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, (), "✔ 配置：config.yml 没有问题。"),
        ({"LANG": "en_GB.UTF-8"}, (), "✔ config: config.yml is in order."),
        ({"LANG": "en_GB.UTF-8"}, ("--lang", "zh"), "✔ 配置：config.yml 没有问题。"),
        ({"LANG": "zh_CN.UTF-8"}, ("--lang", "en"), "✔ config: config.yml is in order."),
    ],
)
def test_it_speaks_as_asked_else_as_the_environment_else_chinese(
    bare: Line,
    monkeypatch: pytest.MonkeyPatch,
    variables: Mapping[str, str],
    words: tuple[str, ...],
    first: str,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert spoken(bare, *words).splitlines()[0] == first


def test_names_in_json_are_the_same_in_every_language(line: Line) -> None:
    found = [json.loads(spoken(line, "--json", "--lang", language))["checks"] for language in ("zh", "en")]
    zh, en = ([(check["name"], check["state"]) for check in checks] for checks in found)
    assert zh == en
    assert all(check["remedy"] for checks in found for check in checks if check["state"] != "good")


def test_a_disk_that_is_nearly_full(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**10, 10**10, 41 * 10**6))
    said = spoken(line, "--lang", "zh")
    assert f"✘ 磁盘：{line.folder} 只剩 41 MB，写满后消息存不进来。\n    → 腾出空间" in said


def test_a_slow_clock_a_webhook_in_the_way_and_a_group_where_it_may_not_write(line: Line, telegram: None) -> None:
    async def bound(uow: UnitOfWork) -> None:
        await the_hub(uow)

    line.write(bound)
    said = spoken(line, "--lang", "zh")
    assert "✘ 机器时间：这台机器的钟比 Telegram 慢 7 分钟" in said
    assert "Telegram 那边却设着推送到 https://old.example.org/hook，现在什么也收不到" in said
    assert "✘ 群 锦澜区呼应中枢：这个群只许管理员发言，机器人不是管理员。\n    → 把机器人设为管理员" in said


def test_messages_that_should_have_gone_out_long_ago(line: Line) -> None:
    async def waiting(uow: UnitOfWork) -> None:
        chat = await the_hub(uow)
        now, hello = datetime.now(UTC), Outgoing(kind="hello", chat_id=chat.id)
        await uow.outbox.add(hello, at=now)
        await uow.outbox.add(hello, at=now - timedelta(minutes=20))
        await uow.outbox.add(replace(hello, not_before=now + timedelta(hours=9)), at=now - timedelta(hours=9))

    line.write(waiting)
    assert "! 待发消息：1 条消息早就该发出，还没有发（排队 3 条）。" in spoken(line, "--lang", "zh")
