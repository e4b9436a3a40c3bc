"""A real Rasa server of this machine's Rasa environment, for tests and for the benchmark."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from nlu.training import rasa_project

RASA = Path(__file__).resolve().parents[2] / ".venv-rasa" / "bin" / "rasa"
PATIENCE_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class RasaServer:
    """Its address, its process, and how long it took until it answered."""

    url: str
    pid: int
    seconds: float

    def resident_mb(self) -> float:
        """What the server and its children hold."""
        return sum(_resident_kb(pid) for pid in _family(self.pid)) / 1024


@contextmanager
def serving(project: Path) -> Iterator[RasaServer]:
    """Runs the server over a trained project until the block is left; raises `RuntimeError` if it does not start."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    begun = time.monotonic()
    with (project / "server.log").open("wb") as log:
        command = rasa_project.serve_command(RASA, port)
        process = subprocess.Popen(command, cwd=project, env=environment(), stdout=log, stderr=log)
    try:
        _wait_for(url, process, project / "server.log")
        yield RasaServer(url, process.pid, time.monotonic() - begun)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment() -> dict[str, str]:
    """What Rasa is told by variables."""
    return {**os.environ, **rasa_project.ENVIRONMENT}


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/status", timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError(f"the Rasa server did not start: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in children.read_text().split()] if children.exists() else []
    return [pid, *(one for child in own for one in _family(child))]


def _resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
