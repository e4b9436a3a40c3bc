"""`jiehu catalogue import|diff` and `jiehu config check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Line, Seeded

ITEMS = ROOT / "examples" / "jinlan" / "items.csv"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A list in which manholes are led by the water bureau."""
    file = tmp_path / "items.csv"
    text = ITEMS.read_text(encoding="utf-8")
    file.write_text(text.replace(",区市政管护中心,区水务局|供电公司", ",区水务局,供电公司"), encoding="utf-8")
    return file


@pytest.fixture
def without_manholes(tmp_path: Path) -> Path:
    file = tmp_path / "items_new.csv"
    file.write_text(ITEMS.read_text(encoding="utf-8").replace("SZ-03", "SZ-93"), encoding="utf-8")
    return file


def test_config_check_is_content_before_and_after_the_first_upgrade(bare: Line, seeded: Seeded) -> None:
    assert bare.json("config", "check") == {"ok": True, "mistakes": []}


def test_config_check_without_a_database(bare: Line) -> None:
    assert bare.json("config", "check")["ok"] is True
    assert not (bare.folder / "jiehu.db").exists()


def test_config_check_tells_all_mistakes_of_the_list(bare: Line, other: Path) -> None:
    other.write_text(other.read_text(encoding="utf-8").replace(",street,一般,", ",street,普通,", 2), encoding="utf-8")
    text = bare.config.read_text(encoding="utf-8").replace(str(ITEMS), str(other))
    bare.config.write_text(text, encoding="utf-8")
    assert len(bare.refusal("config", "check").splitlines()) == 2
    told = json.loads(bare("config", "check", "--json").stdout)
    assert (told["ok"], len(told["mistakes"])) == (False, 2)


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("district: 1\n", ["config.yml, line 1: catalogue is missing.", "line 1: district “1” must be a group"]),
        ("district:\n  name: 区\n   zone: x\n", ["config.yml, line 3: this is no YAML"]),
    ],
)
def test_config_check_tells_mistakes_of_the_file_as_data_too(bare: Line, text: str, mistakes: list[str]) -> None:
    bare.config.write_text(text, encoding="utf-8")
    result = bare("config", "check", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"], len(told["mistakes"])) == (1, False, len(mistakes))
    assert all(any(words in one for one in told["mistakes"]) for words in mistakes)


def test_config_check_refuses_what_open_tickets_need(line: Line, seeded: Seeded, without_manholes: Path) -> None:
    text = line.config.read_text(encoding="utf-8").replace(str(ITEMS), str(without_manholes))
    line.config.write_text(text, encoding="utf-8")
    refusal = line.refusal("config", "check")
    assert refusal.startswith("The list lacks the item SZ-03, which 3 open ticket(s) still need: ")
    assert seeded.handled in refusal and seeded.sensitive not in refusal


def test_config_check_names_what_contradicts_the_list(line: Line) -> None:
    with line.config.open("a", encoding="utf-8") as config:
        config.write("rules: {standing_authority: [XX-01]}\n")
    assert "rules.standing_authority names the item XX-01" in line.refusal("config", "check")


def test_a_list_is_imported_as_the_next_version(line: Line, other: Path) -> None:
    assert line.json("catalogue", "import") == {"version": 1}
    assert line.json("catalogue", "import", str(other)) == {"version": 2}
    back = line.json("catalogue", "diff")
    assert [change["code"] for change in back["changes"]] == ["SZ-03"]
    assert back["changes"][0]["fields"]["lead"] == ["区水务局", "区市政管护中心"]


def test_an_import_that_strands_open_tickets_is_refused(line: Line, seeded: Seeded, without_manholes: Path) -> None:
    assert line.json("catalogue", "import") == {"version": 1}
    assert "The list lacks the item SZ-03" in line.refusal("catalogue", "import", str(without_manholes))
    assert line.json("catalogue", "diff") == {"changes": [], "moves": []}


def test_a_difference_says_which_open_tickets_would_move(line: Line, seeded: Seeded, other: Path) -> None:
    found = line.json("catalogue", "diff", str(other))
    assert {move["ticket"] for move in found["moves"]} == {seeded.handled, seeded.limited, seeded.old}
    assert {(move["was"], move["to"]) for move in found["moves"]} == {("D26", "D05")}
    assert f"{seeded.handled} (SZ-03) would go from D26 to D05" in line("catalogue", "diff", str(other)).stdout


def test_a_file_that_is_no_list_is_refused(line: Line, tmp_path: Path) -> None:
    assert line.refusal("catalogue", "import", str(tmp_path / "liste.csv")).endswith(
        "is none of items.csv, departments.csv, units.csv and streets.csv."
    )
