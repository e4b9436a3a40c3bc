"""The demonstration as a visitor sees it: the whole main case driven by the page in Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.config import load_config
from bot.demo import open_demo
from nlu.types import Interpreter
from tests.playground.test_page import FLAGS
from tests.support.world import ROOT, UNHURRIED

CHROMIUM = shutil.which("chromium")
PATIENCE = 15_000
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("CI") != "true", reason="no Chromium on this machine"),
]


def column(page: Page, chat: int) -> Locator:
    return page.locator(f'[data-chat="{chat}"]')


async def press(page: Page, chat: int, caption: str) -> None:
    await column(page, chat).get_by_role("button", name=caption).last.click(timeout=PATIENCE)


async def sees(page: Page, chat: int, words: str) -> None:
    await expect(column(page, chat).get_by_text(words).last).to_be_visible(timeout=PATIENCE)


async def test_a_visitor_follows_one_report_to_its_filing(tmp_path: Path, interpreter: Interpreter) -> None:
    config = load_config(ROOT / "config.yml")
    async with open_demo(config, tmp_path, delivery=UNHURRIED, interpreter=interpreter) as running:
        street, unit, worker, _ = running.play.front
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page(viewport={"width": 1500, "height": 900}, locale="zh-CN")
            await page.goto(running.url)
            await page.wait_for_selector("body[data-ready]")
            box = column(page, street).get_by_role("textbox")
            await box.fill("路灯不亮了，柳荫路12号门口一片黑")
            await box.press("Enter")
            await sees(page, street, "路灯不亮或缺失")
            await press(page, street, "确认上报")
            await sees(page, unit, "请")
            await press(page, unit, "签收")
            await sees(page, street, "已签收")
            await page.screenshot(path=str(tmp_path / "signed.png"))
            reply = column(page, unit).get_by_role("textbox")
            await press(page, unit, "进展")
            await sees(page, unit, "直接回复本条")
            await reply.fill("电工已到现场，正在换灯泡")
            await reply.press("Enter")
            await sees(page, street, "电工已到现场")
            await press(page, unit, "回告")
            await press(page, unit, "发送回告")
            await sees(page, worker, "您看办得怎么样")
            await page.screenshot(path=str(tmp_path / "asked.png"))
            await column(page, worker).get_by_role("button", name="满意", exact=True).click(timeout=PATIENCE)
            await sees(page, street, "已结案备案")
            await page.screenshot(path=str(tmp_path / "filed.png"))
            await browser.close()
        async with running.app.store.read() as uow:
            tickets = await uow.tickets.listed(limit=10)
        assert [str(ticket.ending) for ticket in tickets] == ["closed"]
