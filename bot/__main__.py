"""`python -m bot` is `jiehu`."""

from bot.cli import main

main()
