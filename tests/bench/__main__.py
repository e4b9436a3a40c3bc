"""`python -m tests.bench`: our bot against a bare one, in one run; prints figures and judges them by the aims.

All bots run as processes of their own, one at a time, against the same trivial Bot API server. The runs take turns, so
that a noisy machine disturbs all alike: only the ratios mean something, and they are taken within each round.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import backends, clocks, databases
from tests.bench.child import Child

ROUNDS = 3
UPDATES = {"bare": 200, "chatter": 200, "reports": 100}
WARM_UP = 40
WATCHED = 100
PER_SECOND, SECONDS = 20, 20
PATIENCE_SECONDS = 60.0
BARE, CHATTER, REPORTS, REPORTS_STUB = (
    "bare bot: a row and an answer",
    "ours, chatter",
    "ours, reports to the sent card",
    "ours, reports, understanding stubbed",
)
AIMS = {CHATTER: 0.40, REPORTS: 0.25}


@dataclass(frozen=True, slots=True)
class Run:
    """Updates per second, and what one update took of the processors."""

    rate: float
    processor_ms: float


@dataclass
class Series:
    """The runs of one kind, and the ratios of their rates to the bare bot's in the same round."""

    runs: list[Run] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)


class Contest:
    """The runs on one kind of database."""

    def __init__(self, server: Child, ours: Child, bare: Child, database: str) -> None:
        self._server = server
        self._ours = ours
        self._bare = bare
        self._ours_token, self._bare_token = tokens(database)
        self._done = 0
        self.database = database
        self.series = {name: Series() for name in (BARE, CHATTER, REPORTS, REPORTS_STUB)}
        self.unanswered = 0
        self.wrongly_answered = 0

    def warm_up(self) -> None:
        """What is compiled or cached at the first use is, in both."""
        self.bare(WARM_UP)
        self.chatter(WARM_UP)
        self.reports("local", WARM_UP)
        self.unanswered = self.wrongly_answered = 0

    def rounds(self) -> None:
        """All kinds in turn, several times."""
        for _ in range(ROUNDS):
            bare = self.bare(UPDATES["bare"])
            runs = {
                BARE: bare,
                CHATTER: self.chatter(UPDATES["chatter"]),
                REPORTS: self.reports("local", UPDATES["reports"]),
                REPORTS_STUB: self.reports("stub", UPDATES["reports"]),
            }
            for name, run in runs.items():
                self.series[name].runs.append(run)
                self.series[name].ratios.append(run.rate / bare.rate)

    def bare(self, count: int) -> Run:
        """Answers."""
        used = self._bare.processor_seconds()
        begun = self._server.ask("fill", token=self._bare_token, kind="chatter", count=count)["at"]
        sent = self._server.ask("sent", token=self._bare_token, count=count, timeout=PATIENCE_SECONDS)
        if sent["count"] != count:
            raise RuntimeError(f"the bare bot answered {sent['count']} of {count}")
        return _run(count, sent["at"] - begun, self._bare.processor_seconds() - used)

    def chatter(self, count: int) -> Run:
        """Updates worked off; the few that are answered by mistake are counted."""
        self._ours.ask("understand", way="local")
        used = self._ours.processor_seconds()
        begun = self._server.ask("fill", token=self._ours_token, kind="chatter", count=count)["at"]
        worked = self._worked(count)
        self._ours.ask("settle")
        used = self._ours.processor_seconds() - used
        self.wrongly_answered += self._server.ask("sent", token=self._ours_token, count=0, timeout=0)["count"]
        return _run(count, worked - begun, used)

    def reports(self, way: str, count: int) -> Run:
        """Cards sent; reports without a card are counted."""
        self._ours.ask("understand", way=way)
        used = self._ours.processor_seconds()
        begun = self._server.ask("fill", token=self._ours_token, kind="reports", count=count)["at"]
        self._worked(count)
        self._ours.ask("settle")
        used = self._ours.processor_seconds() - used
        sent = self._server.ask("sent", token=self._ours_token, count=0, timeout=0)
        self.unanswered += count - sent["count"]
        return _run(sent["count"], sent["at"] - begun, used)

    def stages(self, count: int) -> dict[str, dict[str, int]]:
        """Where the time goes, in a run that is not measured."""
        self._ours.ask("understand", way="local")
        self._ours.ask("watch", updates=count)
        self._server.ask("fill", token=self._ours_token, kind="reports", count=count)
        self._done += count
        return self._ours.hear()

    def _worked(self, count: int) -> float:
        self._done += count
        told = self._ours.ask("worked", count=self._done, timeout=PATIENCE_SECONDS)
        if told["done"] != self._done:
            raise RuntimeError(f"our bot worked off {told['done']} of {self._done}")
        return float(told["at"])


def _run(count: int, seconds: float, processor_seconds: float) -> Run:
    return Run(count / seconds, 1000 * processor_seconds / count)


def tokens(database: str) -> tuple[str, str]:
    """Ours, and the bare bot's."""
    return f"1{len(database)}:ours-{database}", f"2{len(database)}:bare-{database}"


@contextmanager
def database_urls(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Ours, and the bare bot's."""
    with ExitStack() as stack:
        if kind == "SQLite":
            yield f"sqlite+aiosqlite:///{folder}/ours.db", f"sqlite+aiosqlite:///{folder}/bare.db"
        else:
            yield (
                stack.enter_context(databases.postgresql("ours")),
                stack.enter_context(databases.postgresql("bare")),
            )


def run_on(kind: str, server: Child, ours: Child, url: str, folder: Path) -> None:
    """The contest and the steady flow on one kind of database, printed as they come."""
    token, bare_token = tokens(kind)
    with database_urls(kind, folder) as (ours_url, bare_url), ExitStack() as stack:
        bare = stack.enter_context(Child("bare", url, bare_token, bare_url, log=folder / "bare.log"))
        bare.hear()
        contest = Contest(server, ours, bare, kind)
        ours.ask("open", token=token, database_url=ours_url, hurried=False, bind=True)
        contest.warm_up()
        contest.rounds()
        print_rates(contest)
        print_stages(contest.stages(WATCHED))
        ours.ask("close")
        ours.ask("open", token=token, database_url=ours_url, hurried=True, bind=False)
        for state in ("just opened", "running"):  # at first connections are made and statements compiled
            flow = server.ask("flow", token=token, kind="reports", per_second=PER_SECOND, seconds=SECONDS)
            print_flow(state, flow["latencies"], flow["count"])
        ours.ask("close")


def print_rates(contest: Contest) -> None:
    """Median of the rounds, least and most."""
    print(f"\n{contest.database}: updates per second, median of {ROUNDS} (least to most); processor time of one update")
    for name, series in contest.series.items():
        rates, ratios = sorted(run.rate for run in series.runs), sorted(series.ratios)
        line = f"  {name:<46}{statistics.median(rates):5.0f} ({rates[0]:.0f} to {rates[-1]:.0f})".ljust(66)
        line += f"{statistics.median(run.processor_ms for run in series.runs):5.1f} ms"
        if name != BARE:
            line += f"{statistics.median(ratios):7.0%} of bare ({ratios[0]:.0%} to {ratios[-1]:.0%})"
        if name in AIMS:
            line += f"  aim {AIMS[name]:.0%}: {'met' if statistics.median(ratios) >= AIMS[name] else 'MISSED'}"
        print(line)
    if contest.unanswered or contest.wrongly_answered:
        print(f"  reports without a card: {contest.unanswered}; chatter answered: {contest.wrongly_answered}")


def print_stages(told: dict[str, dict[str, int]]) -> None:
    """Shares of the event loop's time, and SQL statements for a report."""
    seen, statements = told["seen"], told["statements"]
    total = sum(seen.values())
    print(f"  where the time goes, {WATCHED} reports with understanding (a thread that looks 1000 times a second):")
    for stage in sorted(seen.keys() | statements.keys(), key=lambda name: -seen.get(name, 0)):
        per_report = statements.get(stage, 0) / WATCHED
        sql = f"{per_report:6.1f} statements a report" if per_report >= 0.05 else ""
        print(f"    {stage:<44}{seen.get(stage, 0) / total:6.1%}{sql}")
    print(f"    {'all':<44}{'':6}{sum(statements.values()) / WATCHED:6.1f} statements a report", flush=True)


def print_flow(state: str, latencies: list[float], count: int) -> None:
    """From the moment an update can be fetched to the moment its card arrives."""
    milliseconds = [1000 * each for each in latencies]
    p50, p99 = (milliseconds[min(len(milliseconds) - 1, int(len(milliseconds) * part))] for part in (0.5, 0.99))
    judged = "met" if p99 < 300 and len(latencies) == count else "MISSED"
    print(
        f"  {state}, {PER_SECOND} reports a second for {SECONDS} s over 300 groups, config's message budgets: ", end=""
    )
    print(f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {milliseconds[-1]:.0f} ms; ", end="")
    print(f"{len(latencies)} of {count} cards  aim p99 < 300 ms: {judged}", flush=True)


def print_machine(folder: Path) -> None:
    """What the figures were taken on."""
    times = []
    with (folder / "probe").open("wb") as probe:
        for _ in range(20):
            begun = time.perf_counter()
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
            times.append(1000 * (time.perf_counter() - begun))
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} at the start, fsync {statistics.median(times):.1f} ms. ", end="")
    print("Other work disturbs every figure; ratios are of runs that took turns.", flush=True)


def main() -> None:
    """Everything, on SQLite and, where it is reachable, on PostgreSQL."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL", "understanding"], help="leave out the rest")
    only = parser.parse_args().only
    if only in (None, "understanding"):
        backends.run()
    if only == "understanding":
        return
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jiehu-bench-") as scratch, ExitStack() as stack:
        folder = Path(scratch)
        print_machine(folder)
        server = stack.enter_context(Child("server", log=folder / "server.log"))
        url = server.hear()["url"]
        ours = stack.enter_context(Child("ours", url, scratch, log=folder / "ours.log"))
        ours.hear()
        print(f"ready after {time.monotonic() - begun:.0f} s (loading the model, or training it where there is none)")
        for kind in ("SQLite", "PostgreSQL"):
            if only in (None, kind):
                if kind == "PostgreSQL" and not databases.is_postgresql_there():
                    print("\nPostgreSQL is not reachable (TEST_POSTGRES_URL): left out")
                else:
                    run_on(kind, server, ours, url, folder)
        clocks.measure(folder, only)
    print(f"\nall of it in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
