"""The peer: a bot as a newcomer writes it with python-telegram-bot and SQLAlchemy. A row and an answer per message.

`python -m tests.bench.bare SERVER TOKEN DATABASE_URL`; PTB's own Updater, one update after the other.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters

from tests.bench.child import say


class Base(DeclarativeBase):
    """The tables."""


class Note(Base):
    """A message that somebody wrote."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def build(url: str, token: str, database_url: str) -> Application[Any, Any, Any, Any, Any, Any]:
    """The bot; its table is made when it starts."""
    engine = create_async_engine(database_url)
    open_session: async_sessionmaker[AsyncSession] = async_sessionmaker(engine, expire_on_commit=False)

    async def prepare(_: object) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        say({"ready": True})

    async def on_message(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        message = update.message
        assert message is not None and message.from_user is not None and message.text is not None
        async with open_session() as session:
            note = Note(chat_id=message.chat_id, user_id=message.from_user.id, text=message.text, at=datetime.now(UTC))
            session.add(note)
            await session.commit()
        await message.reply_text("收到，已登记。")

    application = Application.builder().token(token).base_url(f"{url}/bot").post_init(prepare).build()
    application.add_handler(MessageHandler(filters.TEXT, on_message))
    return application


def main() -> None:
    """Until SIGTERM."""
    logging.disable(logging.INFO)
    url, token, database_url = sys.argv[1:]
    build(url, token, database_url).run_polling()


if __name__ == "__main__":
    main()
