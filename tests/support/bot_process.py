"""The bot as a process of its own that can be killed: `BotProcess` here, and what runs in it (`python -m` this module).

Understanding is `PlainWords` and the message budgets are wide open; everything else is what `jiehu run` starts.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY = "ready"


@dataclass
class BotProcess:
    """One process after another with the same command; what they write goes to one log file."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    ready: str = READY
    _running: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _read: int = 0

    def start(self) -> None:
        """Returns at once; `became_ready` waits."""
        assert self._running is None or self._running.poll() is not None, "it still runs"
        self._read = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command, cwd=self.log.parent, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    async def became_ready(self, timeout: float = 120.0) -> float:
        """Waits until it says so; the seconds that took."""
        begun = time.monotonic()
        while self.ready not in self.said():
            assert self._running is not None and self._running.poll() is None, f"it ended:\n{self.said()[-3000:]}"
            assert time.monotonic() - begun < timeout, f"not ready:\n{self.said()[-3000:]}"
            await asyncio.sleep(0.02)
        return time.monotonic() - begun

    def said(self) -> str:
        """What the present process has written so far."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            return log.read().decode("utf-8", "replace")

    @property
    def is_running(self) -> bool:
        """Whether the present process has not ended."""
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """SIGKILL: nothing is finished."""
        assert self._running is not None
        self._running.send_signal(signal.SIGKILL)
        self._running.wait()

    async def stop(self, timeout: float = 30.0) -> float:
        """SIGTERM; the seconds until it has ended, with exit code 0."""
        assert self._running is not None
        begun = time.monotonic()
        self._running.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(self._running.wait, timeout)
        assert code == 0, f"exit code {code}:\n{self.said()[-3000:]}"
        return time.monotonic() - begun

    def end(self) -> None:
        """Whatever it does, it is over."""
        if self.is_running:
            self.kill()


def environment_of(scratch: Path, **variables: str) -> dict[str, str]:
    """This process's environment with those; compiled modules are kept, for starting again and again."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept.setdefault("PYTHONPYCACHEPREFIX", str(scratch / "compiled"))
    # The processes run elsewhere, so that nothing is found only because it lies where they were started.
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (kept.get("PYTHONPATH"), str(ROOT))))
    return {**kept, **variables}


def bot_on(folder: Path, base_url: str, token: str, database_url: str, part: str = "all", name: str = "") -> BotProcess:
    """The bot of this module on that data."""
    variables = {"TELEGRAM_BASE_URL": base_url, "TELEGRAM_TOKEN": token, "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "tests.support.bot_process", str(folder), part, name]
    return BotProcess(command, environment_of(folder, **variables), folder / f"bot{name}.log")


async def _run(folder: Path, part: str, name: str) -> None:
    from bot.app import Part, open_app
    from bot.cli.running import stop_signal
    from bot.config import load_config
    from tests.support.plain_words import PlainWords
    from tests.support.world import UNHURRIED

    config = load_config(ROOT / "config.yml")
    storage = config.storage.model_copy(update={"files": folder / "files"})
    config = config.model_copy(update={"storage": storage})
    stop = stop_signal()
    async with open_app(config, part=Part(part), interpreter=PlainWords(), delivery=UNHURRIED, name=name) as app:
        await app.start()
        print(READY, flush=True)
        await stop.wait()


def main() -> None:
    """`python -m tests.support.bot_process FOLDER PART NAME`; an empty name is the part's own."""
    from bot.logs import set_up_logs

    set_up_logs(os.environ["TELEGRAM_TOKEN"])
    asyncio.run(_run(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))


if __name__ == "__main__":
    main()
