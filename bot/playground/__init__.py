"""A Telegram of our own: Bot API server, chats and a page, for the demonstration, for training and for tests.

It knows Starlette and the standard library only; nothing of our application may be imported here.
"""
