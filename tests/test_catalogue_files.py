"""The list's files: what they become, each mistake with file and line, and what another list would change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalogue_files import (
    CatalogueError,
    CataloguePaths,
    ChangeKind,
    OpenPart,
    diff,
    read_catalogue,
    still_needed,
)
from bot.domain.catalogue import Catalogue
from bot.domain.routing import lead_unit
from bot.domain.ticket import Level, Sensitivity

JINLAN = Path(__file__).resolve().parents[1] / "examples" / "jinlan"
FILES = ("items", "departments", "units", "streets")
Edit = Callable[[str, str, str], Path]


def paths_in(folder: Path) -> CataloguePaths:
    return CataloguePaths(*(folder / f"{name}.csv" for name in FILES))


@pytest.fixture(scope="module")
def jinlan() -> Catalogue:
    return read_catalogue(paths_in(JINLAN), name="锦澜区")


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    for name in FILES:
        shutil.copy(JINLAN / f"{name}.csv", tmp_path)

    def change(name: str, old: str, new: str) -> Path:
        file = tmp_path / f"{name}.csv"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return change


def test_the_demonstration_list_is_read_whole(jinlan: Catalogue) -> None:
    sizes = (
        len(jinlan.items),
        len(jinlan.departments),
        len(jinlan.units),
        len(jinlan.streets),
        len(jinlan.communities),
    )
    assert sizes == (110, 36, 64, 8, 29)
    assert jinlan.communities["JL0103"].name == "书塾巷社区"
    assert sum(community.grids for community in jinlan.communities.values()) == 349
    manhole = jinlan.items["SZ-03"]
    assert (manhole.lead, manhole.level, manhole.sensitivity) == ("区市政管护中心", Level.ORDINARY, Sensitivity.PUBLIC)


def test_every_item_reaches_a_unit_in_every_street(jinlan: Catalogue) -> None:
    lost = [
        (item.code, street)
        for item in jinlan.items.values()
        for street in jinlan.streets
        if not lead_unit(jinlan, item, street)
    ]
    assert lost == []


def test_short_names_and_aliases_resolve_to_the_full_name(edit: Edit, jinlan: Catalogue) -> None:
    edit("items", "市政管护中心,区水务局|供电公司", "路灯所,水利局|国家电网")
    folder = edit("items", ",区路灯所,", ",路灯所,")
    assert read_catalogue(paths_in(folder)).items["SZ-03"] == jinlan.items["SZ-03"]


MISTAKES = [
    ("items", "SR-02,市容环卫", "SR-01,市容环卫", "items.csv, line 3: the code SR-01 is given twice, first in line 2."),
    ("items", "SR-02,市容环卫", "SR02,市容环卫", "items.csv, line 3: code “SR02” is no code."),
    (
        "items",
        ",street,一般,1工作时,4工作时,N,N,",
        ",street,一般,1时,4工作时,N,N,",
        "line 2: sign_limit “1时” is no limit",
    ),
    (
        "items",
        ",street,一般,1工作时,4工作时,N,N,",
        ",street,一般,1工作时,1.5工作日,N,N,",
        "handle_limit “1.5工作日” is no limit",
    ),
    ("items", ",street,一般,", ",street,普通,", "items.csv, line 2: level “普通” is none of 一般, 复杂, 重大."),
    ("items", ",street,一般,", ",village,一般,", "first_handler “village” is none of community, street, department."),
    ("items", "4工作时,N,N,public", "4工作时,ja,N,public", "items.csv, line 2: emergency “ja” is neither Y nor N."),
    ("items", "N,N,public", "N,N,geheim", "sensitivity “geheim” is none of public, limited, sensitive."),
    (
        "items",
        ",区环卫服务中心,区综合",
        ",区环卫,区综合",
        "SR-01 is led by “区环卫”, which is no department, short name or alias.",
    ),
    ("items", "区综合行政执法局,核实点位", "执法大队,核实点位", "SR-01 is supported by “执法大队”"),
    ("items", "区综合行政执法局,核实点位", "环卫所,核实点位", "SR-01 is led and supported by 环卫所."),
    (
        "items",
        "小区围墙内的保洁和垃圾→ZF-01",
        "小区围墙内→ZF-99",
        "SR-01 borders on →ZF-99, which is no other item of the list.",
    ),
    ("items", "小区围墙内的保洁和垃圾→ZF-01", "小区围墙内→SR-01", "SR-01 borders on →SR-01"),
    ("items", "code,domain", "code,bereich", "items.csv, line 1: the heading lacks domain."),
    ("items", "SR-01,市容环卫,街面", "SR-01,街面", "items.csv, line 2: the row has not the 17 fields of the heading."),
    (
        "departments",
        "D02,区住建局",
        "D01,区住建局",
        "departments.csv, line 3: the code D01 is given twice, first in line 2.",
    ),
    ("departments", "D02,区住建局", "X2,区住建局", "departments.csv, line 3: code “X2” is no code."),
    ("departments", "区住房和城乡建设局|", "城管局|", "the name 城管局 of D02 belongs to D01 already."),
    (
        "departments",
        "D02,区住建局,住建局",
        "D02,区住建局,",
        "departments.csv, line 3: D02 has no name or no short_name.",
    ),
    (
        "units",
        "D02,D02,,区住建局",
        "D02,D99,,区住建局",
        "units.csv, line 3: D02 belongs to D99, which departments do not have.",
    ),
    ("units", "D33-JL02,D33,JL02", "D33-JL02,D33,JL09", "D33-JL02 serves JL09, which streets do not have."),
    (
        "units",
        "D33-JL02,D33,JL02",
        "D33-JL02,D33,JL03",
        "D33-JL02 must be called D33-JL03 after its department and street.",
    ),
    (
        "units",
        "D02,D02,,区住建局,000-5550-0102,业务科科长,区级\n",
        "",
        "departments.csv, line 3: D02 区住建局 has no unit.",
    ),
    (
        "units",
        "D33-JL02,D33,JL02,栖禾综合行政执法队,000-5550-0134,值班长,栖禾街道\n",
        "",
        "D33 街道综合行政执法队 has no unit for JL02.",
    ),
    (
        "streets",
        "JL01,望澜街道,澜桥社区,15",
        "JL01,望浪街道,澜桥社区,15",
        "line 3: JL01 is called “望浪街道” here and “望澜街道” before.",
    ),
    (
        "streets",
        "JL01,望澜街道,澜桥社区,15",
        "JL01,望澜街道,柳荫社区,15",
        "the community “柳荫社区” of JL01 has no name or is given twice.",
    ),
    ("streets", "JL01,望澜街道,澜桥社区,15", "JL01,望澜街道,澜桥社区,viele", "grid_count “viele” is no whole number."),
    (
        "streets",
        "JL01,望澜街道,柳荫社区",
        "J1,望澜街道,柳荫社区",
        "streets.csv, line 2: street_code “J1” is no code such as JL01.",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), MISTAKES, ids=[case[3] for case in MISTAKES])
def test_a_mistake_is_a_sentence_with_file_and_line(edit: Edit, name: str, old: str, new: str, expected: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        read_catalogue(paths_in(edit(name, old, new)))
    assert any(expected in words for words in raised.value.sentences), raised.value.sentences


def test_all_mistakes_of_all_files_are_told_at_once(edit: Edit) -> None:
    edit("items", ",street,一般,", ",street,普通,")
    edit("departments", "D02,区住建局,住建局", "D02,区住建局,")
    folder = edit("streets", "澜桥社区,15", "澜桥社区,x")
    with pytest.raises(CatalogueError) as raised:
        read_catalogue(paths_in(folder))
    assert [words.split(",")[0] for words in raised.value.sentences] == ["departments.csv", "streets.csv", "items.csv"]


def test_a_missing_file_and_one_that_is_no_text_are_said(edit: Edit, tmp_path: Path) -> None:
    (tmp_path / "units.csv").unlink()
    (tmp_path / "items.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CatalogueError) as raised:
        read_catalogue(paths_in(tmp_path))
    assert len(raised.value.sentences) == 2
    assert "units.csv, line 1: there is no file" in raised.value.sentences[0]
    assert raised.value.sentences[1] == "items.csv, line 1: the file cannot be read as UTF-8 text."


def test_a_list_saved_by_excel_with_a_byte_order_mark_is_the_same(
    edit: Edit, tmp_path: Path, jinlan: Catalogue
) -> None:
    for name in FILES:
        file = tmp_path / f"{name}.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_catalogue(paths_in(tmp_path)).items == jinlan.items


def test_the_same_list_differs_in_nothing(jinlan: Catalogue) -> None:
    found = diff(jinlan, read_catalogue(paths_in(JINLAN)))
    assert (found.changes, found.moves) == ((), ())


def test_a_difference_names_fields_and_the_tickets_that_would_move(edit: Edit, jinlan: Catalogue) -> None:
    folder = edit("items", ",区市政管护中心,区水务局|供电公司", ",区水务局,供电公司")
    edit("streets", "澜桥社区,15", "澜桥社区,16")
    open_parts = [
        OpenPart("JL-20261122-0001", "SZ-03", "JL01", "D26"),
        OpenPart("JL-20261122-0002", "SZ-01", "JL01", "D26"),
    ]
    found = diff(jinlan, read_catalogue(paths_in(folder)), lambda: open_parts)
    changed = {change.code: change.fields for change in found.changes}
    assert changed["SZ-03"]["lead"] == ("区市政管护中心", "区水务局")
    assert changed["JL0102"] == {"grids": (15, 16)}
    assert changed.keys() == {"SZ-03", "JL0102"}
    assert [(move.ticket, move.was, move.to) for move in found.moves] == [("JL-20261122-0001", "D26", "D05")]


def renamed(folder: Path, old: str, new: str) -> Catalogue:
    """The list with one item under another code, also where others border on it."""
    for name in FILES:
        text = (JINLAN / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(text.replace(old, new), encoding="utf-8")
    return read_catalogue(paths_in(folder))


def test_added_and_removed_entries_are_told(tmp_path: Path, jinlan: Catalogue) -> None:
    changes = diff(jinlan, renamed(tmp_path, "WT-05", "ZZ-01")).changes
    assert {(change.code, change.kind) for change in changes if change.kind is not ChangeKind.CHANGED} == {
        ("WT-05", ChangeKind.REMOVED),
        ("ZZ-01", ChangeKind.ADDED),
    }
    assert {name for change in changes for name in change.fields} == {"out_of_scope"}


def test_what_open_tickets_need_may_not_vanish(tmp_path: Path, jinlan: Catalogue) -> None:
    new = renamed(tmp_path, "WT-05", "ZZ-01")
    parts = [
        OpenPart("JL-1", "WT-05", "JL01", "D26"),
        OpenPart("JL-2", "SZ-03", "JL01", "D77"),
        OpenPart("JL-3", "SZ-03", "JL01", "JL0101"),
    ]
    assert still_needed(new, parts) == [
        "The list lacks the item WT-05, which 1 open ticket(s) still need: JL-1.",
        "The list lacks the unit D77, which 1 open ticket(s) still need: JL-2.",
    ]
    assert still_needed(jinlan, parts[:1]) == []


def test_one_file_or_a_folder_can_replace_the_configured_ones(tmp_path: Path) -> None:
    paths = paths_in(JINLAN)
    other = tmp_path / "items_2027.csv"
    other.touch()
    assert paths.replaced_by(other).items == other
    assert paths.replaced_by(other).units == paths.units
    (tmp_path / "units.csv").touch()
    assert paths.replaced_by(tmp_path).units == tmp_path / "units.csv"
    with pytest.raises(CatalogueError, match=r"is none of items\.csv"):
        paths.replaced_by(tmp_path / "liste.csv")
