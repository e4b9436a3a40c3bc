"""Bots that were not made for us work against the playground: plain aiogram, plain python-telegram-bot."""

from __future__ import annotations

import asyncio

from aiogram import Bot, Dispatcher, F, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.playground.samples import picture
from tests.playground.conftest import LI, STREET, Town, sent_file


async def test_aiogram(town: Town, address: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    bot = Bot(town.play.token, session=session)
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart(deep_link=True))
    async def start(message: types.Message) -> None:
        await message.answer(f"welcome {message.text}")

    @dispatcher.message(F.photo)
    async def keep(message: types.Message) -> None:
        assert message.photo is not None
        content = await bot.download(message.photo[-1])
        assert content is not None
        await message.reply_document(types.BufferedInputFile(content.read(), "copy.png"), caption="存了")

    @dispatcher.message(F.text)
    async def echo(message: types.Message) -> None:
        button = types.InlineKeyboardButton(text="签收", callback_data="s")
        await message.reply(
            f"<b>{message.text}</b>",
            parse_mode="HTML",
            reply_markup=types.InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )

    @dispatcher.callback_query()
    async def pressed(query: types.CallbackQuery) -> None:
        assert isinstance(query.message, types.Message)
        await query.message.edit_text("已签收")
        await query.answer("好", show_alert=True)

    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5))
    await town.play.say(LI, STREET, "井盖没了")
    card = await town.play.wait_for(STREET, "井盖没了")
    assert (card.buttons, card.content.entities[0]["type"]) == ([["签收"]], "bold")
    answer = await town.play.press(LI, STREET, card.message_id, "签收")
    assert (answer.text, answer.alert) == ("好", True)
    assert town.play.said_by_bot(STREET)[0].text == "已签收"
    await town.play.photo(LI, STREET, "路灯")
    copy = await town.play.wait_for(STREET, "存了")
    assert sent_file(copy).content == picture("路灯")
    await town.play.say(LI, LI, "/start token_1")
    await town.play.wait_for(LI, "welcome /start token_1")
    stopping = asyncio.create_task(dispatcher.stop_polling())
    town.play.close()
    await stopping
    await polling
    await session.close()
    assert town.checking.checked > 8


async def test_python_telegram_bot(town: Town, address: str) -> None:
    application = _ptb(town, address)
    await application.initialize()
    await application.start()
    assert application.updater is not None
    await application.updater.start_polling(timeout=5, allowed_updates=Update.ALL_TYPES)
    await town.play.say(LI, STREET, "井盖没了")
    card = await town.play.wait_for(STREET, "井盖没了")
    answer = await town.play.press(LI, STREET, card.message_id, "签收")
    assert answer.text == "好"
    assert (await town.play.wait_for(STREET, "已签收")).edited
    await town.play.photo(LI, STREET, "路灯")
    await town.play.wait_for(STREET, "字节")
    await town.play.say(LI, LI, "/start token_1")
    await town.play.wait_for(LI, "token_1")
    await application.updater.stop()
    await application.stop()
    await application.shutdown()


def _ptb(town: Town, address: str) -> Application:
    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(" ".join(context.args or []))

    async def keep(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        content = await file.download_as_bytearray()
        await context.bot.send_photo(STREET, bytes(content), caption=f"{len(content)} 字节")

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("签收", callback_data="s")]])
        assert update.message is not None
        await update.message.reply_html(f"<i>{update.message.text}</i>", reply_markup=markup, do_quote=True)

    async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("好")
        await update.callback_query.edit_message_text("已签收")

    builder = ApplicationBuilder().token(town.play.token)
    builder = builder.base_url(f"{address}/bot").base_file_url(f"{address}/file/bot")
    application = builder.build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.PHOTO, keep))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.add_handler(CallbackQueryHandler(pressed))
    return application
