"""A process that the benchmark asks: one JSON object a line in, one a line out."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
Answers = Mapping[str, Callable[..., Awaitable[dict[str, Any]]]]


class Child:
    """One module of this package as a process of its own; what it writes to stderr goes to a file."""

    def __init__(self, module: str, *arguments: str, log: Path) -> None:
        self._module = module
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, *_flags(), "-m", f"tests.bench.{module}", *arguments],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def ask(self, do: str, **parameters: Any) -> dict[str, Any]:
        """Waits for the answer; raises `RuntimeError` with the end of its log if there is none."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **parameters}) + "\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """The next line it says; the first one comes unasked, when it is ready."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended:\n{self._log.read_text('utf-8')[-3000:]}")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def processor_seconds(self) -> float:
        """What it has used of the processors so far, all threads, and with it those that it has started."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text("utf-8").split()
        return sum(_used(each) for each in (str(self._process.pid), *children))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _used(process: str) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _flags() -> list[str]:
    return ["-P"] if sys.flags.safe_path else []


def say(told: Mapping[str, Any]) -> None:
    """One line to the one who asked."""
    print(json.dumps(told), flush=True)


async def answer_questions(answers: Answers) -> None:
    """In the child: answers until nobody asks any more."""
    reader = asyncio.StreamReader(limit=2**24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        question = json.loads(line)
        say(await answers[question.pop("do")](**question))
