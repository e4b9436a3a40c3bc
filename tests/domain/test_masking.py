"""What identifies a person is masked; what a unit needs to find the place stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.masking import mask, mask_people

GONE = [
    ("打13812345678找我", "13812345678"),
    ("打 138 1234 5678 找我", "1234 5678"),
    ("电话138-1234-5678", "1234"),
    ("+86 13812345678", "13812345678"),
    ("座机028-85551234", "85551234"),
    ("身份证510107199003071234", "199003071234"),
    ("身份证51010719900307123X没带", "19900307"),
    ("川A12345乱停", "A12345"),
    ("川A·D12345堵门", "D12345"),
    ("住3栋2单元501室", "2单元"),
    ("住3栋2单元501室", "501"),
    ("8号楼3单元1203号漏水", "1203"),
    ("2单元门口", "2单元"),
    ("3栋1203漏水", "1203"),
    ("8号楼12楼", "12楼"),
    ("住A座-1502", "1502"),
    ("5楼在吵", "5楼"),
    ("十二层那家", "十二层"),
    ("501室老人", "501"),
    ("住在3-2-501", "501"),
    ("住12-1203，漏水", "1203"),
    ("1503房的人", "1503"),
    ("就在12F电梯口", "12F"),
    ("川a12345堵门", "a12345"),
    ("新能源车川AD12345", "12345"),
    ("打１３８１２３４５６７８找我", "１３８"),
    ("身份证510107 19900307 1234", "19900307"),
    ("卡号6222020200112233445", "6222"),
    ("打１３８－１２３４－５６７８", "5678"),
    ("138.1234.5678", "1234"),
    ("138—1234—5678", "1234"),
    ("1 3 8 1 2 3 4 5 6 7 8", "2 3 4"),
    ("0086-13812345678", "86"),
    ("＋86 138 1234 5678", "86"),
    ("一三八一二三四五六七八", "三四五"),
    ("幺三八 幺二三四 五六七八", "五六七"),
    ("13812345678三单元", "5678"),
    ("一三八一二三四五六七八三单元", "五六七"),
    ("座机（028）8555-1234", "8555"),
    ("028 8555 1234", "8555"),
    ("家里电话8555-1234", "1234"),
    ("身份证510107-19900307-1234", "1990"),
    ("身份证5101 0719 9003 0712 34", "9003"),
    ("老身份证510107900307123", "900307"),
    ("护照E12345678", "1234"),
    ("护照号是 ea1234567", "1234"),
    ("港澳通行证：H12345678", "1234"),
    ("军官证军字第1234567号", "1234"),
    ("银行卡6222 0202 0011 2233 445", "0202"),
    ("6222-0202-0011-2233", "0202"),
    ("微信号wxid_abc123", "abc"),
    ("发到zhang.san@example.com", "zhang"),
    ("川Ａ１２３４５", "２３"),
    ("川 A 12345", "12345"),
    ("川A-D12345", "12345"),
    ("川A1234警", "1234"),
    ("WJ川12345", "12345"),
    ("车牌是A12345", "12345"),
    ("十二栋3单元402室", "402"),
    ("三单元五楼", "五楼"),
    ("12栋三单元四零二", "四零二"),
    ("3栋2单元5-1", "5-1"),
    ("贰单元", "贰"),
    ("东单元三楼西户", "东单元"),
    ("5号楼五零一", "五零一"),
    ("2#501", "501"),
    ("12栋 2单 501", "501"),
    ("3栋3-2", "3-2"),
    ("柳荫路45号3-2", "3-2"),
    ("502房间", "502"),
    ("五零一室", "五零一"),
]
KEPT = [
    "柳荫路45号门口井盖没了",
    "石鼓路12号路口",
    "澜桥东街88号附1号",
    "3栋门口路灯不亮",
    "12幢楼下垃圾成堆",
    "8号楼前面占道",
    "楼道堆满杂物",
    "楼顶在建违建",
    "5号线地铁口",
    "2026年11月22日上午10:30",
    "里程桩K12+300",
    "A座大厅",
    "坏了3盏灯",
    "110和12345都打过",
    "罚款20-1000元",
    "11-22上午，10-30下午",
    "JL-20261122-0007",
    "公租房和出租房都有",
    "云nova手机店门口",
    "停水3-5点，柳荫路45号3-5天没来水",
    "2026-11-22 2026-11-25两天",
    "并案 0009 0007 0011",
    "电话打了12345",
    "一二三四五六七都坏了",
    "柳荫路45号＋1：还有一处",
    "5#路灯杆歪了",
    "热线000-5550-0126",
]


@pytest.mark.parametrize(("text", "hidden"), GONE)
def test_what_identifies_a_person_is_gone(text: str, hidden: str) -> None:
    assert hidden not in mask(text), mask(text)


@pytest.mark.parametrize("text", KEPT)
def test_what_leads_to_the_place_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("转移12人到柳荫小学", "转移12人到柳荫小学"),
        ("张大爷一家4口已转移", "〔姓名〕一家4口已转移"),
        ("住户王秀英已转移", "住户〔姓名〕已转移"),
        ("居民高度关注，老人马上转移", "居民高度关注，老人马上转移"),
        ("柳荫小区3栋302李阿姨已接到", "柳荫小区3栋〔房号〕〔姓名〕已接到"),
    ],
)
def test_a_log_says_how_many_and_not_who(text: str, shown: str) -> None:
    assert mask_people(text) == shown and mask_people(shown) == shown


@pytest.mark.parametrize("text", [*KEPT, *(text for text, _ in GONE)])
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_SPOKEN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_WIDE = dict(zip("0123456789", "０１２３４５６７８９", strict=True))
_PIECES = st.sampled_from([*KEPT, "，", " ", "电话", "、", "号", "栋", "室", "-", "(", ")", "\n", "A"])
_NUMBERS = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(st.lists(st.one_of(_PIECES, _NUMBERS, st.text(max_size=6)), max_size=10))
def test_no_mobile_number_is_ever_left(pieces: list[str]) -> None:
    assert not _MOBILE.search(mask("".join(pieces)))


@given(st.text(alphabet="0123456789-— 栋单元楼层室号幢ABX京川·十", max_size=30))
def test_masking_is_idempotent(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(_NUMBERS, st.sampled_from(["", " ", "-", "－", "—", ".", "·", "　"]), st.sampled_from([{}, _SPOKEN, _WIDE]))
def test_a_mobile_number_is_gone_however_it_is_written(number: str, between: str, digits: dict[str, str]) -> None:
    written = between.join(digits.get(digit, digit) for digit in number)
    assert mask(f"找{written}说") == "找〔电话〕说"
    groups = between.join((number[:3], number[3:7], number[7:]))
    assert mask(f"找{groups}说") == "找〔电话〕说"
