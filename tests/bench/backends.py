"""Both backends of understanding side by side on the full list: how right, how fast, how heavy.

Rasa's training takes long, so its model is kept: `make rasa` makes it, and what it took then is printed. It is measured
again only if it was made of exactly the files that the local backend learns from; if not, that is said above the table.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.catalogue_files import read_catalogue
from bot.cli.rasa import project_folder
from bot.config import Config, load_config
from bot.config.understanding import lesson_in_service, list_items, local_model, open_local, open_rasa
from nlu.evaluation.rows import read_rows
from nlu.rasa.client import RasaClient, RasaSettings
from nlu.training import rasa_project
from nlu.types import Context, Interpreter
from tests.bench.child import ROOT
from tests.support.rasa_server import RASA, RasaServer, serving

EVALUATION = ROOT.parent / "shared" / "eval"
FILES = ("chat_dev.csv", "real_dev.csv")
FIGURES = ("act_accuracy", "report_recall", "item_top1", "item_top3", "auto_precision", "auto_coverage", "ece")
ROUNDS, EACH = 3, 100
Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds for one message (median), and messages a second, one after the other."""

    p50_ms: float
    per_second: float


def run() -> None:
    """Everything, printed as it comes."""
    config = load_config(ROOT / "config.yml")
    local_model(config, read_catalogue(config.catalogue_paths()))
    trained = _rasa_model(config)
    print(f"\nUnderstanding, local and Rasa, on the full list; load {os.getloadavg()[0]:.1f}")
    with ExitStack() as stack:
        server = stack.enter_context(serving(project_folder(config))) if trained else None
        files = [path for name in FILES if (path := EVALUATION / name).exists()]
        figures = [_evaluate(config, files, server)] if files else []
        for found in figures:
            _print_accuracy(found)
        if not files:
            print(f"  no messages to ask in {EVALUATION}: left out how right they are")
        _print_pace(asyncio.run(_paces(config, _messages(files), server)))
        _print_weight(_weight(config, server), trained)


def _rasa_model(config: Config) -> rasa_project.Trained | None:
    folder = project_folder(config)
    trained = rasa_project.trained_in(folder)
    if not RASA.exists() or trained is None:
        print(
            "\nRasa is left out: make rasa builds its environment and trains it, which takes ten minutes on two idle cores."
        )
        return None
    with tempfile.TemporaryDirectory() as scratch:
        items = list_items(read_catalogue(config.catalogue_paths()))
        rasa_project.write_project(Path(scratch), items, lesson_in_service(config), trained.epochs)
        same = rasa_project.stamp_of(Path(scratch)) == trained.stamp
    made = "made of exactly these files" if same else "MADE OF OTHER FILES than these (make rasa trains it anew)"
    print(f"\nRasa's model is taken from {folder}: {made}; {trained.examples} examples, {trained.epochs} epochs.")
    return trained


def _evaluate(config: Config, files: Sequence[Path], server: RasaServer | None) -> dict[str, dict[str, Figures]]:
    """By file and backend, each in a process of its own."""
    found: dict[str, dict[str, Figures]] = {}
    for file in files:
        found[file.name] = {"local": _ask_cli("evaluate", str(file), "--backend", "local")}
        if server is not None:
            found[file.name]["rasa"] = _ask_cli("evaluate", str(file), "--backend", "rasa", rasa_url=server.url)
    return found


def _ask_cli(*words: str, rasa_url: str = "") -> Figures:
    line = [sys.executable, "-m", "bot", "nlu", *words, "--config", str(ROOT / "config.yml"), "--json"]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **({"RASA_URL": rasa_url} if rasa_url else {})}
    done = subprocess.run(line, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: Figures = json.loads(done.stdout)
    return answer


def _messages(files: Sequence[Path]) -> list[str]:
    texts = [row.text for file in files for row in read_rows(file)]
    return texts or [example.text for example in lesson_in_service(load_config(ROOT / "config.yml")).held_back()]


async def _paces(config: Config, texts: Sequence[str], server: RasaServer | None) -> dict[str, Pace]:
    """Taking turns, so that other work disturbs both alike; Rasa also by its bare answer to one question."""
    catalogue = read_catalogue(config.catalogue_paths())
    local = open_local(config, catalogue)
    ways: dict[str, Callable[[str], Awaitable[object]]] = {"local": _reading(local)}
    opened: list[Interpreter] = [local]
    client = None
    if server is not None:
        nlu = config.nlu.model_copy(update={"rasa_url": server.url})
        rasa = open_rasa(config.model_copy(update={"nlu": nlu}), catalogue)
        client = RasaClient(RasaSettings(server.url, patience=30))
        opened.append(rasa)
        ways |= {"rasa": _reading(rasa), "rasa, bare": client.parse}
    taken: dict[str, list[list[float]]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        part = texts[number * EACH : (number + 1) * EACH] or texts[:EACH]
        for name, way in ways.items():
            seconds = [await _timed(way, text) for text in part]
            if number:  # the first round warms up
                taken[name].append(seconds)
    for interpreter in opened:
        await interpreter.close()
    if client is not None:
        await client.close()
    return {name: _pace(rounds) for name, rounds in taken.items()}


def _reading(interpreter: Interpreter) -> Callable[[str], Awaitable[object]]:
    return lambda text: interpreter.interpret(text, Context())


async def _timed(way: Callable[[str], Awaitable[object]], text: str) -> float:
    begun = time.perf_counter()
    await way(text)
    return time.perf_counter() - begun


def _pace(rounds: Sequence[Sequence[float]]) -> Pace:
    p50 = statistics.median(1000 * statistics.median(seconds) for seconds in rounds)
    return Pace(p50, statistics.median(len(seconds) / sum(seconds) for seconds in rounds))


def _weight(config: Config, server: RasaServer | None) -> dict[str, Figures]:
    """Start and memory of each, measured where it runs alone; the local backend is trained once more for its time."""
    begun, before = time.perf_counter(), os.times()
    with tempfile.TemporaryDirectory() as scratch:
        made = _ask_cli_training(Path(scratch))
    used = os.times()
    local = made | {
        "training_seconds": time.perf_counter() - begun,
        "training_processor": used.children_user + used.children_system - before.children_user - before.children_system,
    }
    weights = {"local": local}
    if server is not None:
        weights["rasa"] = {"start_seconds": server.seconds, "memory_mb": server.resident_mb()}
    return weights


def _ask_cli_training(scratch: Path) -> Figures:
    """A fresh model in that folder, and then a process that only loads and asks it."""
    text = (ROOT / "config.yml").read_text("utf-8").replace(": examples/", f": {ROOT}/examples/")
    (scratch / "config.yml").write_text(text, "utf-8")
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "bot", "nlu", "train", "--config", str(scratch / "config.yml")]
    subprocess.run(line, cwd=ROOT, env=variables, check=True, capture_output=True)
    file = scratch / "one.csv"
    file.write_text("text,act,item\n" + "路灯不亮了,report,SZ-04\n" * 20, "utf-8")
    found = _ask_cli("evaluate", str(file), "--backend", "local")
    return {"start_seconds": found["load_seconds"], "memory_mb": found["rss_mb"]}


def _print_accuracy(found: dict[str, dict[str, Figures]]) -> None:
    for name, by_backend in found.items():
        count = by_backend["local"]["n"]
        print(f"  {name}, {count:g} messages".ljust(34) + "".join(f"{backend:>10}" for backend in by_backend))
        for figure in FIGURES:
            values = [by_backend[backend][figure] for backend in by_backend]
            print(f"    {figure:<30}" + "".join("         -" if v is None else f"{v:10.3f}" for v in values))
        if "rasa" in by_backend:
            ahead = (by_backend["local"]["item_top1"] or 0) - (by_backend["rasa"]["item_top1"] or 0)
            judged = "met" if ahead >= 0.05 else "MISSED"
            print(f"    first item: {100 * ahead:+.1f} points  aim 5 ahead: {judged}", flush=True)


def _print_pace(paces: dict[str, Pace]) -> None:
    print(f"  one message after the other, {ROUNDS} rounds of {EACH} in turns; bare: one question, no segments")
    for name, pace in paces.items():
        line = f"    {name:<30}{pace.p50_ms:10.1f} ms (p50){pace.per_second:10.0f} a second"
        if name != "local":
            line += f"  local is {paces['local'].per_second / pace.per_second:.1f} times as fast"
        print(line, flush=True)


def _print_weight(weights: dict[str, Figures], trained: rasa_project.Trained | None) -> None:
    for name, weight in weights.items():
        print(f"    {name:<30}starts in {weight['start_seconds']:.1f} s, holds {weight['memory_mb']:.0f} MB")
    local = weights["local"]
    print(
        f"    training, local: {local['training_seconds']:.0f} s ({local['training_processor']:.0f} s of processor time,"
        " with loading and asking it once)"
    )
    if trained is not None:
        print(
            f"    training, Rasa, when it was trained: {trained.seconds:.0f} s ({trained.processor_seconds:.0f} s of"
            f" processor time), {trained.memory_mb:.0f} MB"
        )
