"""`jiehu run`, `jiehu demo`, `jiehu replay`: the commands that start the bot."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import tempfile
import webbrowser
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from bot.app import App, Part, open_app
from bot.cli.opening import run as run_to_end
from bot.cli.options import AsJson, ConfigFile
from bot.cli.refusals import Refused
from bot.config import Config, load_config
from bot.config.sections import TelegramMode
from bot.demo import open_demo
from bot.gateway.webhook import create_app
from bot.logs import set_up_logs
from bot.replay import replay_file


def run(
    role: Annotated[Part, typer.Option("--role", help="What this process does.")] = Part.ALL,
    name: Annotated[
        str, typer.Option(help="Tells several processes of one role apart; without it they number themselves.")
    ] = "",
    config: ConfigFile = None,
) -> None:
    """Run the bot against Telegram, or the server of TELEGRAM_BASE_URL."""
    loaded = load_config(config)
    missing = list(loaded.missing_for_running())
    if missing:
        raise Refused("\n".join(missing))
    set_up_logs(loaded.token())
    run_to_end(_run(loaded, role, name))


async def _run(config: Config, part: Part, name: str) -> None:
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(open_app(config, part=part, name=name))
        await app.start()
        if config.telegram.mode is TelegramMode.WEBHOOK and part in {Part.ALL, Part.GATEWAY}:
            stack.push_async_callback(await _serve_webhook(config, app))
        # What stands now stays: the collector need not walk through it, a tenth of a second each time.
        gc.collect()
        gc.freeze()
        typer.echo("jiehu runs; stop it with Ctrl-C.")
        await stop.wait()


async def _serve_webhook(config: Config, app: App) -> Callable[[], Awaitable[None]]:
    webhook = config.telegram.webhook
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(app.gateway.routes),
            host=webhook.listen,
            port=webhook.port,
            log_level="warning",
            lifespan="off",
        )
    )
    task = asyncio.ensure_future(server.serve())

    async def close() -> None:
        server.should_exit = True
        await task

    return close


def stop_signal() -> asyncio.Event:
    """Set by SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def demo(
    host: Annotated[str, typer.Option(help="Where the page listens; it has no login.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8080,
    data: Annotated[Path | None, typer.Option(help="Keep the data here; without, it is gone at the end.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    config: ConfigFile = None,
) -> None:
    """Start the demonstration district: the chats of everybody side by side in the browser."""
    loaded = load_config(config)
    set_up_logs("")
    with tempfile.TemporaryDirectory(prefix="jiehu-demo-") as scratch:
        folder = data or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        run_to_end(_demo(loaded, folder, host, port, opens_browser=not no_browser))


async def _demo(config: Config, data: Path, host: str, port: int, *, opens_browser: bool) -> None:
    stop = stop_signal()
    where = f"http://{host}:{port}" if port else "on a free port, named below"
    typer.echo(f"The page: {where} (the bot answers in a moment: it learns its list first)")
    async with open_demo(config, data, host=host, port=port) as running:
        typer.echo(f"街呼 is there: {running.url}　Stop it with Ctrl-C.")
        if opens_browser:
            await asyncio.to_thread(webbrowser.open, running.url)
        await stop.wait()


def replay(
    file: Annotated[Path, typer.Argument(help="A CSV file with a column `text`.")],
    limit: Annotated[int, typer.Option(help="Only so many messages; 0: all.")] = 0,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Send a file of messages as the grid workers of all communities in turn would, and print what became of them."""
    if not file.exists():
        raise Refused(f"There is no file {file}.")
    loaded = load_config(config)
    set_up_logs("")
    with tempfile.TemporaryDirectory(prefix="jiehu-replay-") as scratch:
        tally = run_to_end(replay_file(loaded, file, Path(scratch), limit=limit))
    typer.echo(json.dumps(tally.as_dict(), ensure_ascii=False) if as_json else tally.as_text())
    if tally.lost:
        raise typer.Exit(1)
