"""What plain words give away, without any model."""

from __future__ import annotations

import pytest

from bot.domain.masking import WITHHELD, is_unfit, mask
from nlu.wording.accusing import names_official, weight_of_accusation
from nlu.wording.sensitive import is_sensitive_by_words
from tests.sensitivity.messages import fresh


@pytest.mark.parametrize(
    "text",
    [
        "城管收了摊主的钱", "街道不作为", "派出所包庇他", "书记打招呼不让查", "网格员态度恶劣还骂人", "街道和公司互相推诿",
        "窗口装看不见", "执法队吃拿卡要",
    ],
)  # fmt: skip
def test_an_official_and_what_he_did(text: str) -> None:
    assert weight_of_accusation(text) >= 1.5


@pytest.mark.parametrize(
    "text",
    [
        "物业经理态度恶劣", "老板收了钱跑了", "街道，物业不作为，垃圾没人清", "派出所门口路灯不亮", "城管刚来过，摊子又摆回来了",
        "物业说找街道", "公交司机骂老人", "停车场收费员不给票",
    ],
)  # fmt: skip
def test_the_same_said_of_others_and_officials_as_landmarks(text: str) -> None:
    assert weight_of_accusation(text) < 1


def test_a_landmark_is_no_official() -> None:
    assert not names_official("派出所门口路灯不亮") and names_official("派出所的人来过")


def test_the_fresh_list_by_words_alone() -> None:
    accusing, sensitive, plain = fresh("accusing"), fresh("sensitive"), fresh("plain")
    assert sum(weight_of_accusation(said.text) >= 1.5 for said in accusing) >= 36
    assert sum(is_sensitive_by_words(said.text) for said in sensitive) >= 34
    assert [said.text for said in plain if is_unfit(said.text)] == []


def test_such_words_are_withheld_whoever_wrote_them() -> None:
    assert mask("已到现场，女方被老公打了，已报警") == WITHHELD
    assert mask("查了，网格员收了红包，不作为") == WITHHELD
    assert mask("已到现场，正在抢修，联系13812345678") == "已到现场，正在抢修，联系〔电话〕"
    assert mask(mask("几十个人要去上访")) == WITHHELD


@pytest.mark.parametrize(
    "text", ["反诈宣传的横幅掉下来了", "禁毒宣传栏的玻璃碎了", "精神病院门口的站牌倒了", "麻将馆太吵"]
)
def test_a_notice_board_about_it_is_not_it(text: str) -> None:
    assert not is_sensitive_by_words(text)
