"""Reading, checking and learning from training files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.backend import ListItem
from nlu.local import LocalInterpreter, store
from nlu.training.examples import BadTrainingFile, from_list, read_folder, titles_from_list
from nlu.training.lint import Mistake, lint
from nlu.training.train import ensure_model, stamp_of, train
from nlu.types import Act, Context
from tests.nlu.small_district import ITEMS, MESSAGES, PLACES, write_messages


def test_rasa_files_are_read(tmp_path: Path) -> None:
    examples = read_folder(write_messages(tmp_path))
    assert len(examples) == sum(len(texts) for texts in MESSAGES.values())
    assert {example.item for example in examples if example.intent == "report_SZ-03"} == {"SZ-03"}
    assert {example.act for example in examples if example.intent == "report_back"} == {Act.REPORT_BACK}
    assert {example.act for example in examples if example.intent == "danger"} == {None}


@pytest.mark.parametrize(
    "page", ["nlu: [", "nlu:\n- intent: sign\n", "nlu:\n- intent: dance\n  examples: |\n    - hop\n"]
)
def test_a_bad_file_is_named(tmp_path: Path, page: str) -> None:
    (tmp_path / "bad.yml").write_text(page, encoding="utf-8")
    with pytest.raises(BadTrainingFile, match=r"bad\.yml"):
        read_folder(tmp_path)


def test_a_border_of_one_item_is_an_example_of_its_neighbour() -> None:
    examples = [(example.text, example.item) for example in from_list(ITEMS)]
    assert ("小区、院落围墙以内的井盖", "ZF-03") in examples
    assert ("路灯不亮", "SZ-04") in examples


def test_titles_say_what_the_list_names() -> None:
    titles = [example for example in titles_from_list(ITEMS) if example.item == "SZ-04"]
    assert titles
    assert any("路灯不亮" in title.text for title in titles)


def test_lint_finds_what_is_wrong(tmp_path: Path) -> None:
    messages = {
        "report_SZ-03": ["路口井盖没了快来人", "路口井盖没了，快来人", "马路边上那个井盖今天又翘起来了"],
        "report_ZF-03": ["马路边上那个井盖今天又翘起来了！", "我们小区里面那个井盖又翘起来了哦"],
        "report_XX-99": ["不在清单上"],
        "sign": [f"收到收到，{n}" for n in "一二三四五六"],
    }
    found = {(one.kind, one.intents) for one in lint(write_messages(tmp_path, messages), ITEMS)}
    assert (Mistake.UNKNOWN_ITEM, ("report_XX-99",)) in found
    assert (Mistake.TOO_FEW, ("report_SZ-04",)) in found
    assert (Mistake.DUPLICATE, ("report_SZ-03",)) in found
    assert (Mistake.CONTRADICTION, ("report_SZ-03", "report_ZF-03")) in found
    assert (Mistake.TEMPLATE, ("sign",)) in found


def test_lint_finds_near_duplicates_across_items(tmp_path: Path) -> None:
    messages = {
        "report_SZ-03": ["昨天晚上柳荫路那边有个井盖被压坏了没人管"],
        "report_ZF-03": ["昨天晚上柳荫路那边有个井盖被压坏了没人修"],
    }
    kinds = [one.kind for one in lint(write_messages(tmp_path, messages), ITEMS[:2])]
    assert Mistake.NEAR_DUPLICATE in kinds


def test_the_stamp_changes_with_what_matters(tmp_path: Path) -> None:
    data = write_messages(tmp_path / "data")
    first = stamp_of(ITEMS, PLACES, data, "usem3")
    assert first == stamp_of(ITEMS, PLACES, data, "usem3")
    assert first != stamp_of((replace(ITEMS[0], scope="别的"), *ITEMS[1:]), PLACES, data, "usem3")
    assert first != stamp_of(ITEMS, PLACES[:1], data, "usem3")
    write_messages(tmp_path / "data", MESSAGES | {"help": ["怎么用"]})
    assert first != stamp_of(ITEMS, PLACES, data, "usem3")


def test_a_model_is_made_once_and_again_when_it_is_stale(tmp_path: Path, small_model: Path) -> None:
    data = write_messages(tmp_path / "data")
    made = ensure_model(ITEMS[:3], PLACES, data, tmp_path / "models")
    written = (made / "meta.json").stat().st_mtime_ns
    assert ensure_model(ITEMS[:3], PLACES, data, tmp_path / "models") == made
    assert (made / "meta.json").stat().st_mtime_ns == written
    assert made.name != small_model.name
    assert not list((tmp_path / "models").glob("*.partial"))


def test_training_twice_gives_the_same_model(tmp_path: Path, small_model: Path) -> None:
    data = write_messages(tmp_path / "data")
    train(ITEMS, PLACES, data, tmp_path / "again")
    one, other = store.load(small_model), store.load(tmp_path / "again")
    assert one.space.vocabulary == other.space.vocabulary
    assert one.calibration.item_sharpness == other.calibration.item_sharpness
    for left, right in zip(one.kernel.heads, other.kernel.heads, strict=True):
        np.testing.assert_array_equal(left.coefficients, right.coefficients)


def test_a_new_item_works_at_once_from_name_and_scope(tmp_path: Path) -> None:
    new = ListItem("TS-01", "共享充电宝柜损坏", "商场、车站门口的共享充电宝柜子倒了、屏幕碎了、充电宝借不出来。")
    folder = ensure_model((*ITEMS, new), PLACES, write_messages(tmp_path / "data"), tmp_path / "models")
    got = LocalInterpreter.load(folder).read("车站门口那个共享充电宝的柜子倒了，充电宝借不出来", Context())
    assert got.act is Act.REPORT
    assert got.items[0].code == "TS-01"


def test_no_messages_at_all_still_give_a_model(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    folder = ensure_model(ITEMS, PLACES, tmp_path / "data", tmp_path / "models")
    got = LocalInterpreter.load(folder).read("路灯单盏不亮", Context())
    assert got.items[0].code == "SZ-04"


def test_an_unfinished_model_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.load(tmp_path)
