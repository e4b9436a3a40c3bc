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


@pytest.mark.parametrize(
    "text",
    [
        "洗车场冲车的两个才十五岁，夜班也是他们", "作坊里没满十六的在踩缝纫机，计件", "端盘子的那个看着就十四岁", "午托的老师拿针扎娃", "特训营把人关小黑屋",
    ],
)  # fmt: skip
def test_children_at_work_and_harmed_by_who_minds_them(text: str) -> None:
    assert is_sensitive_by_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "初三上午楼里停水", "十五岁的老楼电梯坏了", "托管班门口路灯不亮", "早教中心在楼下打广告太吵", "工地招小工的广告贴满电杆", "培训班打电话推销",
        "初一早上环卫没上班，垃圾满了",
    ],
)  # fmt: skip
def test_neither_age_nor_work_nor_minders_alone(text: str) -> None:
    assert not is_sensitive_by_words(text)


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


@pytest.mark.parametrize(
    "text",
    [
        "茶楼包间里推牌九，有人连车都输了", "足浴店楼上搞特殊服务", "合租的室友好像在吸食冰毒", "农家乐后院赌钱，桌子上全是现金",
        "老年公寓旁那家养老服务公司收了会员钱，说好返利，现在失联", "合作社存进去的本金取不出来", "表弟被网上的校园贷逼得退学",
        "儿子不赡养，老两口分开住桥洞", "楼下两口子打架，动刀了", "女婿不让她出门，手机也收了", "他们家抢孩子抢到社区来了",
        "后妈打孩子，天天听得到", "初中女孩没来上课，说是怀了", "刚满月的娃被放在医院走廊", "教练对小姑娘动手动脚",
        "楼顶边上坐着个年轻人", "他拿打火机说要点自己", "留了遗言就关机了", "她往河里走，拉不住",
        "一层楼的学生集体拉肚子", "托管班手足口病，停了两个班", "楼上那个断药半个月，开始砸门", "光着身子在菜场跑",
    ],
)  # fmt: skip
def test_what_people_call_it(text: str) -> None:
    assert is_sensitive_by_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "烧烤摊贩天天聚集在桥头", "电梯又罢工了", "疫情时封的小门一直没开", "共享单车围堵出入口", "工人往楼上吊砖，下面没拦",
        "有人在岸边烧炭烤鱼，烟大", "铁皮割手，人行道那段围挡", "行人翻过栏杆横穿马路", "晚上去厕所要打手电，婆婆摔过一回",
        "跳楼机到半夜还在响", "污水直接往河里走", "泥浆往河里冲", "儿子打我电话说楼道灯又坏了", "理财公司门口的地砖松了",
        "加盟店的招牌快掉下来了", "维修基金利息怎么算的", "一家三口煤气中毒，快来人", "养老院排水沟返水", "夫妻店占道经营",
        "瓷砖掉得只剩墙面", "按摩店的灯牌太亮", "棋牌室半夜还在搓牌", "楼顶站着一排信号塔", "孩子被打翻的垃圾桶绊倒了",
        "单位集资房的电梯坏了", "单车把盲道占了，想不开门都难", "婴儿车道太陡推不上去",
    ],
)  # fmt: skip
def test_the_same_words_in_plain_matters(text: str) -> None:
    assert not is_sensitive_by_words(text)
