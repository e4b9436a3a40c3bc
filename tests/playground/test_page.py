"""The page in Chromium: what people see and do there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.playground.conftest import CHEN, LI, STREET, UNIT, WANG, Town

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CARD = {
    "inline_keyboard": [
        [{"text": "确认上报", "callback_data": "c"}, {"text": "不是上报", "callback_data": "n"}],
        [{"text": "跟进", "url": "https://t.me/jiehu_demo_bot?start=abc_1"}],
    ]
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="no Chromium on this machine"),
]


@pytest.fixture
async def page(address: str, town: Town, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """The page, opened and loaded; an error on its console fails the test."""
    town.play.front = [STREET, UNIT, LI]
    options = {"viewport": {"width": 1400, "height": 860}, "locale": "zh-CN"} | getattr(request, "param", {})
    problems: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(**options)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        await page.goto(address)
        await page.wait_for_selector("body[data-ready]")
        yield page
        await browser.close()
    expected = ("400 (Bad Request)", "404 (Not Found)")
    assert [each for each in problems if not any(word in each for word in expected)] == []


def column(page: Page, chat: int):  # a Locator
    return page.locator(f'[data-chat="{chat}"]')


async def write(page: Page, chat: int, text: str) -> None:
    box = column(page, chat).get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def shot(page: Page, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.png"
    await page.screenshot(path=str(path))
    assert path.stat().st_size > 5_000


async def test_a_card_goes_round(page: Page, town: Town, tmp_path: Path) -> None:
    await page.get_by_role("button", name="柳荫路45号门口井盖没了").click()
    await expect(column(page, STREET).get_by_role("textbox")).to_have_value("柳荫路45号门口井盖没了")
    await page.keyboard.press("Enter")
    message = await town.bot.next("message")
    assert (message["from"]["id"], message["text"]) == (LI, "柳荫路45号门口井盖没了")
    card = await town.bot(
        "sendMessage", chat_id=STREET, text="<b>道路井盖缺损</b>", parse_mode="HTML", reply_markup=CARD,
        disable_notification=True, reply_parameters={"message_id": message["message_id"]},
    )  # fmt: skip
    await expect(column(page, STREET).locator(".quote")).to_contain_text("柳荫路45号门口井盖没了")
    await expect(column(page, STREET).locator(".words b")).to_have_text("道路井盖缺损")
    await expect(column(page, STREET).get_by_role("img", name="静默发送")).to_be_visible()
    await shot(page, tmp_path, "card")
    await page.get_by_role("button", name="确认上报").click()
    query = await town.bot.next("callback_query")
    assert (query["data"], query["from"]["id"]) == ("c", LI)
    await town.bot("answerCallbackQuery", callback_query_id=query["id"], text="已呼叫市政中心")
    await expect(column(page, STREET).get_by_text("已呼叫市政中心")).to_be_visible()
    await town.bot("editMessageText", chat_id=STREET, message_id=card["message_id"], text="JL-20261123-0001")
    await expect(column(page, STREET).get_by_text("已编辑")).to_be_visible()
    await expect(page.get_by_role("button", name="确认上报")).to_have_count(0)
    await town.bot("sendMessage", chat_id=UNIT, text="📨 请签收", reply_markup=CARD)
    await expect(column(page, UNIT).get_by_text("📨 请签收")).to_be_visible()
    await town.bot("deleteMessage", chat_id=STREET, message_id=card["message_id"])
    await expect(column(page, STREET).get_by_text("JL-20261123-0001")).to_have_count(0)


async def test_alerts_and_silence(page: Page, town: Town) -> None:
    await town.bot("sendMessage", chat_id=STREET, text="单", reply_markup=CARD)
    await page.get_by_role("button", name="不是上报").click()
    query = await town.bot.next("callback_query")
    await town.bot("answerCallbackQuery", callback_query_id=query["id"], text="只有作者能撤", show_alert=True)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("只有作者能撤")
    await dialog.get_by_role("button", name="好").click()
    await expect(dialog).to_have_count(0)
    await page.get_by_role("button", name="不是上报").click()
    await expect(column(page, STREET).get_by_text("机器人没有回应")).to_be_visible(timeout=8000)


async def test_never_takes_words_for_markup(page: Page, town: Town) -> None:
    nasty = '<img src=x onerror="document.title=1"><b>x</b>'
    await write(page, STREET, nasty)
    await town.bot(
        "sendMessage",
        chat_id=STREET,
        text=nasty,
        reply_markup={"inline_keyboard": [[{"text": nasty, "callback_data": "x"}]]},
    )
    await expect(column(page, STREET).locator(".words")).to_have_text([nasty, nasty])
    await expect(page.get_by_role("button", name=nasty)).to_be_visible()
    assert await page.locator(".log img, .log b").count() == 0
    assert await page.title() == "街呼 · 演练场"


async def test_pictures_places_and_files(page: Page, town: Town, tmp_path: Path) -> None:
    street = column(page, STREET)
    await street.get_by_role("textbox").fill("现场")
    await street.get_by_role("button", name="添加").click()
    await page.get_by_role("menuitem", name="示例照片：井盖").click()
    message = await town.bot.next("message")
    assert (message["caption"], bool(message["photo"])) == ("现场", True)
    for item, kind in (("示例相册（3 张）", "photo"), ("发送位置", "location"), ("发送语音（无声）", "voice")):
        await street.get_by_role("button", name="添加").click()
        await page.get_by_role("menuitem", name=item).click()
        assert kind in (await town.bot.updates(timeout=5))[0]["message"]
    own = tmp_path / "own.png"
    own.write_bytes((await town.people.get("/play/sample/路灯")).content)
    await street.locator("input[type=file]").set_input_files(str(own))
    await expect(street.locator(".photos")).to_have_count(3)
    await expect(street.locator(".photos.count-3 img")).to_have_count(3)
    await expect(street.locator(".place")).to_be_visible()
    loaded = "node => node.complete && node.naturalWidth === 480"
    assert await street.locator(".photos.count-1 img").first.evaluate(loaded)
    await street.locator(".photos.count-1 button").first.click()
    await expect(page.locator("#viewer")).to_be_visible()
    await page.keyboard.press("Escape")
    await shot(page, tmp_path, "pictures")


async def test_replies_edits_forwards_and_reacts(page: Page, town: Town) -> None:
    street = column(page, STREET)
    await write(page, STREET, "井盖没了")
    first = await town.bot.next("message")
    await street.get_by_label("我是").select_option(str(WANG))
    menu = street.get_by_role("button", name="更多")
    await menu.first.click()
    await page.get_by_role("menuitem", name="回复").click()
    await write(page, STREET, "上报")
    reply = await town.bot.next("message")
    assert (reply["from"]["id"], reply["reply_to_message"]["message_id"]) == (WANG, first["message_id"])
    await street.get_by_role("textbox").press("ArrowUp")
    await expect(street.get_by_role("textbox")).to_have_value("上报")
    await write(page, STREET, "上报 柳荫路")
    assert (await town.bot.next("edited_message"))["text"] == "上报 柳荫路"
    await expect(street.get_by_text("已编辑")).to_be_visible()
    await menu.first.click()
    await page.get_by_role("menuitem", name=re.compile("👍")).click()
    await expect(street.locator(".reaction")).to_have_text("👍")
    await menu.first.click()
    await page.get_by_role("menuitem", name="转发").click()
    await page.get_by_role("dialog").get_by_role("button", name="与机器人的私聊").click()
    forwarded = await town.bot.next("message")
    assert (forwarded["chat"]["id"], forwarded["forward_origin"]["sender_user"]["id"]) == (WANG, LI)


async def test_keyboard_of_an_input_method_does_not_send(page: Page, town: Town) -> None:
    box = column(page, STREET).get_by_role("textbox")
    await box.fill("jing")
    await box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await box.press("Shift+Enter")
    assert await box.input_value() == "jing\n"
    assert await town.bot.updates() == []
    await box.press("Enter")
    assert (await town.bot.next("message"))["text"] == "jing"


async def test_deep_links_open_the_private_chat(page: Page, town: Town) -> None:
    await column(page, LI).get_by_role("button", name="关闭这一栏").click()
    await expect(column(page, LI)).to_have_count(0)
    await town.bot("sendMessage", chat_id=STREET, text="查进度 t.me/jiehu_demo_bot?start=abc_1", reply_markup=CARD)
    await column(page, STREET).get_by_role("button", name="t.me/jiehu_demo_bot?start=abc_1").click()
    assert (await town.bot.next("message"))["text"] == "/start abc_1"
    await expect(column(page, LI).get_by_text("/start")).to_be_visible()
    await column(page, STREET).get_by_role("button", name="跟进").click()
    message = await town.bot.next("message")
    assert (message["chat"]["id"], message["text"]) == (LI, "/start abc_1")


async def test_clock_offline_and_language(page: Page, town: Town) -> None:
    await expect(page.locator("#clock-now")).to_contain_text("11月23日 周一 09:00")
    await page.get_by_role("button", name="+1 小时").click()
    await expect(page.locator("#clock-now")).to_contain_text("10:00")
    await page.get_by_role("button", name="到下一个时限").click()
    await expect(page.locator("#clock-now")).to_contain_text("12:00")
    assert town.clock.asked == [(3600.0, None), (None, "next_due")]
    town.play.offline(True)
    await expect(page.get_by_role("status").filter(has_text="机器人断网")).to_be_visible()
    await write(page, STREET, "等着")
    town.play.offline(False)
    await expect(page.locator("#banner")).to_be_hidden()
    assert (await town.bot.next("message"))["text"] == "等着"
    town.play.bot_is_coming = True
    await expect(page.get_by_role("status").filter(has_text="机器人正在学清单")).to_be_visible()
    town.play.bot_is_coming = False
    await expect(page.locator("#banner")).to_be_hidden()
    await page.get_by_role("button", name="EN").click()
    await expect(page.get_by_role("button", name="+1 working day")).to_be_visible()
    await expect(page).to_have_title("Jiehu · Playground")


async def test_counts_what_was_not_seen(page: Page, town: Town) -> None:
    await column(page, UNIT).get_by_role("button", name="关闭这一栏").click()
    await town.bot("sendMessage", chat_id=UNIT, text="📨 请签收")
    await expect(page.get_by_role("button", name="市政中心工作群").locator(".badge")).to_have_text("1")
    await page.get_by_role("status").get_by_role("button", name="打开").click()
    await expect(column(page, UNIT).get_by_text("📨 请签收")).to_be_visible()
    await expect(page.locator(".badge")).to_have_count(0)
    await page.get_by_role("searchbox").fill("陈立")
    await page.locator("#rail").get_by_role("button", name="陈立").click()
    await write(page, CHEN, "/start")
    assert (await town.bot.next("message"))["chat"]["id"] == CHEN


async def test_comes_back_after_the_stream_broke(page: Page, town: Town) -> None:
    town.play.world.events.close()
    await town.play.say(WANG, STREET, "断线时说的")
    await expect(column(page, STREET).get_by_text("断线时说的")).to_be_visible(timeout=10_000)
    await expect(page.locator("#banner")).to_be_hidden(timeout=10_000)


PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "color_scheme": "dark", "device_scale_factor": 2}


@pytest.mark.parametrize("page", [PHONE], indirect=True)
async def test_on_a_phone(page: Page, town: Town, tmp_path: Path) -> None:
    await expect(page.get_by_role("tab")).to_have_text(["望澜街道工作群", "市政中心工作群", "李桂芳"])
    await expect(column(page, STREET)).to_be_visible()
    await expect(column(page, UNIT)).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await town.bot("sendMessage", chat_id=UNIT, text="📨 请签收", reply_markup=CARD)
    await expect(page.get_by_role("tab", name="市政中心工作群").locator(".badge")).to_have_text("1")
    await page.get_by_role("tab", name="市政中心工作群").click()
    await expect(column(page, UNIT).get_by_text("📨 请签收")).to_be_visible()
    for caption in ("确认上报", "不是上报", "跟进"):
        box = await column(page, UNIT).get_by_role("button", name=caption).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 34
    await shot(page, tmp_path, "phone")
    await page.get_by_role("button", name="全部聊天").click()
    await page.locator("#rail").get_by_role("button", name="望澜街道工作群").click()
    await expect(column(page, STREET)).to_be_visible()
