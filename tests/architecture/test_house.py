"""Rules of the house that a machine can check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.application.clocks.loaders import LOADERS
from bot.application.clocks.scan_due import JUDGES
from bot.application.records import DueKind, Face
from bot.application.views.cards import FACES
from bot.domain.people import Role
from bot.domain.permissions import TABLE, Action
from handlers.commands import ANYWHERE, COMMANDS
from handlers.presses import PRESSES
from handlers.routes import MENU
from handlers.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "nlu", "handlers", "storage")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
TEXTS = {".py", ".md", ".toml", ".yml", ".txt", ".in"}
MAY_COMMIT = (
    "bot/app.py",
    "bot/demo.py",
    "bot/cli/",
    "bot/gateway/",
    "bot/delivery/",
    "bot/application/clocks/scan_due.py",
    "storage/",
)


def sources(*tops: str) -> Iterator[Path]:
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path.relative_to(ROOT)


def test_modules_stay_small_and_well_named() -> None:
    limits = {path: 400 for path in sources(*PACKAGES)} | {path: 500 for path in sources("tests")}
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in limits}
    assert [f"{path} has {length} lines" for path, length in lengths.items() if length > limits[path]] == []
    assert [str(path) for path in limits if FORBIDDEN_NAMES & {part.removesuffix(".py") for part in path.parts}] == []


def test_functions_stay_short() -> None:
    long = []
    for path in sources(*PACKAGES):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > 60:
                    long.append(f"{path}:{node.lineno} {node.name} has {length} lines")
    assert not long, "\n".join(long)


def test_only_the_boundary_commits() -> None:
    wrong = [
        str(path)
        for path in sources(*PACKAGES)
        if ".commit()" in (ROOT / path).read_text(encoding="utf-8") and not str(path).startswith(MAY_COMMIT)
    ]
    assert wrong == []


def test_handlers_and_use_cases_never_call_telegram() -> None:
    calls = re.compile(r"\bbot\.(send|edit|delete|answer|set|pin)_\w+\(|effective_message\.reply")
    wrong = [
        str(path) for path in sources("handlers", "bot/application") if calls.search((ROOT / path).read_text("utf-8"))
    ]
    assert wrong == []


def test_no_clock_is_read_inside_a_rule() -> None:
    reads = re.compile(r"datetime\.now\(|time\.time\(|utcnow\(|date\.today\(")
    wrong = [str(p) for p in sources("bot/domain", "bot/application") if reads.search((ROOT / p).read_text("utf-8"))]
    assert wrong == []


def test_every_waiting_kind_is_judged_and_every_face_has_a_view() -> None:
    assert set(DueKind) == set(JUDGES) | set(LOADERS)
    assert set(Face) == set(FACES)


def test_the_table_of_permissions_is_complete() -> None:
    assert set(TABLE) == set(Role)
    assert all(set(row) == set(Action) for row in TABLE.values())


def test_every_button_does_something() -> None:
    captions = re.compile(r"Button\(\s*(?:f?\"[^\"]+\"),\s*Action\.(\w+)")
    shown = {
        name for path in sources("bot/application/views") for name in captions.findall((ROOT / path).read_text("utf-8"))
    }
    assert shown
    assert {Action[name] for name in shown} <= set(PRESSES)


def test_every_word_is_a_command_and_every_menu_entry_too() -> None:
    assert {name for name, _ in WORDS} <= set(COMMANDS)
    assert set(MENU) <= set(COMMANDS)
    assert set(COMMANDS) >= ANYWHERE


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_leads_to_what_exists_and_tells_every_command(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).exists(), target
    for command in MENU:
        if command != "report":
            assert f"/{command}" in text, command


def test_no_text_names_a_registry_or_this_machine() -> None:
    hosts = ["py" + "pi.org", "pythonhosted" + ".org", "registry.npm" + "js.org", "/work" + "/"]
    wrong = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if path.suffix not in TEXTS or parts[0].startswith(".") or parts[0] in {"data", "models", "build"}:
            continue
        if path.is_file() and any(host in path.read_text("utf-8") for host in hosts):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_no_use_cases_import_each_other_in_a_circle() -> None:
    """Else it depends on who is imported first whether the program starts."""
    graph = {str(path)[:-3].replace("/", "."): set[str]() for path in sources("bot/application")}
    for name in graph:
        for node in ast.walk(ast.parse((ROOT / (name.replace(".", "/") + ".py")).read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                meant = {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
                graph[name] |= meant & graph.keys()
    while leaves := {name for name, needs in graph.items() if not needs & graph.keys()}:
        graph = {name: needs for name, needs in graph.items() if name not in leaves}
    assert not graph, f"in or behind a circle: {sorted(graph)}"
