from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlu.entities.extract import EntityReader
from nlu.types import EntityKind
from tests.nlu.small_district import PLACES

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # a Sunday, ten in the morning in Shanghai
READER = EntityReader(PLACES)


def found(text: str, kind: EntityKind) -> list[tuple[str, str | None]]:
    return [(entity.text, entity.value) for entity in READER.read(text, NOW) if entity.kind is kind]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("帮我查下JL-20261118-0032现在啥情况", "JL-20261118-0032"),
        ("jl20261118-0032修好没", "JL-20261118-0032"),
        ("0007怎么还没办", "0007"),
        ("尾号45那个", "45"),
        ("尾数45那单", "45"),
        ("JL20261122 0007", "JL-20261122-0007"),
        ("尾号是0045的单子", "0045"),
        ("编号12退回", "12"),
    ],
)
def test_ticket_codes(text: str, value: str) -> None:
    assert [code for _, code in found(text, EntityKind.TICKET_CODE)] == [value]


@pytest.mark.parametrize(
    "text", ["柳荫路45号", "3栋2单元0502室漏水", "欠了1000元", "2026年11月", "凌晨0030发生的", "电话13800138000"]
)
def test_other_numbers_are_no_ticket_codes(text: str) -> None:
    assert found(text, EntityKind.TICKET_CODE) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("联系13812345678", EntityKind.PHONE, "13812345678"),
        ("电话138 1234 5678", EntityKind.PHONE, "13812345678"),
        ("打+86 13812345678", EntityKind.PHONE, "13812345678"),
        ("座机028-87654321", EntityKind.PHONE, "02887654321"),
        ("（028）87654321", EntityKind.PHONE, "02887654321"),
        ("渝A 8K765", EntityKind.PLATE, "渝A8K765"),
        ("粤Z1234港", EntityKind.PLATE, "粤Z1234港"),
        ("身份证51010719900307441x", EntityKind.ID_NUMBER, "51010719900307441X"),
        ("川A12345占道三天了", EntityKind.PLATE, "川A12345"),
        ("车牌川a·d12345", EntityKind.PLATE, "川AD12345"),
    ],
)
def test_personal_numbers(text: str, kind: EntityKind, value: str) -> None:
    assert [number for _, number in found(text, kind)] == [value]


def test_an_identity_number_is_no_telephone() -> None:
    assert found("510107199003074417", EntityKind.PHONE) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("昨晚八点半", "2026-11-21T20:30+08:00"),
        ("今天上午9点", "2026-11-22T09:00+08:00"),
        ("今早7点15分", "2026-11-22T07:15+08:00"),
        ("明天下午三点一刻", "2026-11-23T15:15+08:00"),
        ("后天14:30", "2026-11-24T14:30+08:00"),
        ("下周三", "2026-11-25T00:00+08:00"),
        ("上周五晚上", "2026-11-13T20:00+08:00"),
        ("12月5日前", "2026-12-05T00:00+08:00"),
        ("两个半小时后", "2026-11-22T12:30+08:00"),
        ("半小时前", "2026-11-22T09:30+08:00"),
        ("3天前", "2026-11-19T10:00+08:00"),
        ("刚刚", "2026-11-22T10:00+08:00"),
        ("凌晨2点", "2026-11-22T02:00+08:00"),
        ("中午12点半", "2026-11-22T12:30+08:00"),
        ("半夜十二点", "2026-11-23T00:00+08:00"),
        ("今晚", "2026-11-22T20:00+08:00"),
        ("明早六点", "2026-11-23T06:00+08:00"),
        ("一周后", "2026-11-29T10:00+08:00"),
        ("2026-11-18 08:30", "2026-11-18T08:30+08:00"),
        ("1月8日下午3点", "2027-01-08T15:00+08:00"),
        ("2026年11月18日", "2026-11-18T00:00+08:00"),
        ("去年12月3日", "2025-12-03T00:00+08:00"),
        ("下个月5号", "2026-12-05T00:00+08:00"),
        ("上个月20号", "2026-10-20T00:00+08:00"),
    ],
)
def test_times_are_resolved_by_the_moment_passed_in(text: str, value: str) -> None:
    assert [time for _, time in found(f"{text}的事情", EntityKind.TIME)] == [value]


def test_times_stay_unresolved_without_a_moment() -> None:
    assert [(one.kind, one.value) for one in READER.read("昨晚八点半")] == [(EntityKind.TIME, None)]


def test_an_impossible_date_has_no_moment() -> None:
    assert found("13月45日", EntityKind.TIME) in ([], [("13月45日", None)])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("柳荫路45号门口井盖没了", "柳荫路45号门口"),
        ("人民路与建设路交叉口红绿灯坏了", "人民路与建设路交叉口"),
        ("金星小区3栋楼下有垃圾", "金星小区3栋楼下"),
        ("文澜公园对面的路灯不亮", "文澜公园对面"),
        ("红光路口对面的井盖没了", "红光路口对面"),
        ("锦屏里小学门口堵死了", "锦屏里小学门口"),
        ("滨河路和驿前街路口有个坑", "滨河路和驿前街路口"),
        ("幸福苑7栋旁边垃圾没人收", "幸福苑7栋旁边"),
        ("绿洲花园东门对面有人烧烤", "绿洲花园东门对面"),
        ("人民东路118号隔壁的店", "人民东路118号隔壁"),
        ("建设巷23号附2号门口污水冒出来", "建设巷23号附2号门口"),
        ("金星小区三期12栋楼下", "金星小区三期12栋楼下"),
        ("云锦路88号院2号楼门口", "云锦路88号院2号楼门口"),
        ("和平广场西北角健身器材坏了", "和平广场西北角"),
        ("加油站对面那个巷子没灯", "加油站对面"),
        ("派出所斜对面的麻将馆", "派出所斜对面"),
        ("三岔路口红绿灯坏了", "三岔路口"),
        ("青石桥下面睡了个人", "青石桥下面"),
        ("沿江路河堤护栏倒了", "沿江路河堤"),
    ],
)
def test_places(text: str, place: str) -> None:
    assert place in [name for name, _ in found(text, EntityKind.PLACE)]


@pytest.mark.parametrize(("text", "place"), [("柳荫路12号", "柳荫路12号"), ("在柳荫路45号", "柳荫路45号")])
def test_a_house_at_the_end_is_no_date(text: str, place: str) -> None:
    assert [name for name, _ in found(text, EntityKind.PLACE)] == [place]
    assert not found(text, EntityKind.TIME)


@pytest.mark.parametrize("text", ["有人打架，望澜街道柳荫路口", "望澜街道办事处门口积水", "柳荫街道路塌了"])
def test_a_street_as_an_office_is_no_street_one_walks_on(text: str) -> None:
    assert "望澜街" not in [name for name, _ in found(text, EntityKind.PLACE)]


@pytest.mark.parametrize("room", ["2单元502室", "三单元12楼", "1502室", "3-2-501"])
def test_rooms_are_apart_from_places_because_groups_must_not_see_them(room: str) -> None:
    text = f"金星小区{room}漏水"
    assert [name for name, _ in found(text, EntityKind.ROOM)] == [room]
    assert all(room not in name for name, _ in found(text, EntityKind.PLACE))


def test_streets_and_communities_by_their_names() -> None:
    text = "望澜街道柳荫社区和云栈口那边"
    assert found(text, EntityKind.STREET) == [("望澜街道", "JL01")]
    assert found(text, EntityKind.COMMUNITY) == [("柳荫社区", "JL0101"), ("云栈口", "JL0301")]


def test_a_bare_name_of_two_characters_is_no_community() -> None:
    assert found("柳荫路45号", EntityKind.COMMUNITY) == []
