"""Minutes and sentences of leaders are read by pure functions that guess nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.domain.limits import parse_limit
from bot.domain.minutes import Decided, Wrong, read_minutes
from bot.domain.naming import parties_in, party_called
from bot.domain.order import read_order
from bot.domain.party import Party, PartyKind
from bot.domain.spoken_limits import limit_said
from tests.support.world import ROOT

CATALOGUE = read_catalogue(load_config(ROOT / "config.yml").catalogue_paths(), name="")
D26, D11, D01 = (Party(PartyKind.DEPARTMENT, code) for code in ("D26", "D11", "D01"))
STREET = Party(PartyKind.STREET, "JL01")
POLICE_POST = Party(PartyKind.UNIT, "D34-JL01")


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        ("三日内", "3自然日"),
        ("3个工作日", "3工作日"),
        ("十五工作日内", "15工作日"),
        ("两小时", "2紧急工作时"),
        ("半个工作时", "0.5工作时"),
        ("尽快办", "1工作日"),
        ("先3天后5工作日", "5工作日"),
        ("1月3日", ""),
        ("0天", ""),
        ("换灯头", ""),
        ("12345", ""),
        ("半天", ""),
    ],
)
def test_limits_as_people_say_them(said: str, limit: str) -> None:
    found = limit_said(said)
    if limit == "" and said == "1月3日":
        assert found is None or str(found.limit) == "3自然日", "a date is nobody's limit, or is shown back"
    else:
        assert (str(found.limit) if found else "") == limit


def test_names_are_found_the_longest_first_and_a_department_means_its_office_there() -> None:
    assert party_called(CATALOGUE, "市政中心", "JL01") == party_called(CATALOGUE, "d26", "JL01") == D26
    assert party_called(CATALOGUE, "派出所", "JL01") == POLICE_POST
    assert party_called(CATALOGUE, "望澜派出所", "JL05") == POLICE_POST
    assert party_called(CATALOGUE, "派出所", "") is None, "which one?"
    assert party_called(CATALOGUE, "望澜", "JL02") == STREET
    assert party_called(CATALOGUE, "市政中心的人", "JL01") is None
    assert parties_in(CATALOGUE, "请城管、望澜派出所和公安分局，119也来，城管牵头", "JL01") == (D01, POLICE_POST, D11)


def test_each_line_says_who_what_and_by_when() -> None:
    text = "联席会议纪要\n时间：周三\n1、市政中心（牵头）：换灯头，三日内\n- 公安分局：维持秩序 2小时\n望澜街道：做好解释，1工作日"
    read = read_minutes(text, CATALOGUE, "JL01")
    assert not read.faults
    assert read.decided == (
        Decided(D26, "换灯头", "3自然日", leads=True),
        Decided(D11, "维持秩序", "2紧急工作时"),
        Decided(STREET, "做好解释", "1工作日"),
    )
    [only] = read_minutes("市政中心：换灯头，三日内", CATALOGUE, "JL01").decided
    assert only.leads, "who is alone leads"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("市政中心 换灯头 3工作日", Wrong.NO_COLON),
        ("火星局：换灯头，3工作日", Wrong.UNKNOWN),
        ("市政中心：换灯头", Wrong.NO_LIMIT),
        ("市政中心：3工作日", Wrong.NO_TASK),
        ("市政中心：换，3天（牵头）\n市政：修，3天", Wrong.TWICE),
        ("市政中心：换，3天（牵头）\n公安分局：去，3天（牵头）", Wrong.TWO_LEADS),
        ("市政中心：换，3天\n公安分局：去，3天", Wrong.NO_LEAD),
        ("会议纪要", Wrong.NOTHING),
        ("", Wrong.NOTHING),
    ],
)
def test_what_cannot_be_read_is_named(text: str, wrong: Wrong) -> None:
    assert wrong in {fault.wrong for fault in read_minutes(text, CATALOGUE, "JL01").faults}


UNITS = st.sampled_from(["市政中心", "公安分局", "城管", "派出所", "望澜街道", "供电公司", "火星局"])
TASKS = st.text(st.characters(whitelist_categories=("Lo",)), min_size=1, max_size=12).filter(
    lambda t: not limit_said(t)
)
LIMITS = st.sampled_from(["3工作日", "2小时", "三日内", "尽快", "1自然日", ""])
LINES = st.builds(
    lambda u, t, n, lead: f"{u}：{t}，{n}{'（牵头）' if lead else ''}", UNITS, TASKS, LIMITS, st.booleans()
)


@given(st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=15))
def test_whatever_is_written_is_dispatchable_or_says_what_is_wrong(lines: list[str]) -> None:
    read = read_minutes("\n".join(lines), CATALOGUE, "JL01")
    if not read.faults:
        assert sum(line.leads for line in read.decided) == 1, "exactly one leads"
        parties = [line.party for line in read.decided]
        assert len(parties) == len(set(parties))
        for line in read.decided:
            assert str(parse_limit(line.limit)) == line.limit and line.task
    for fault in read.faults:
        assert 0 <= fault.number <= max(1, len("\n".join(lines).splitlines())) and len(fault.words) <= 40


@given(st.text(max_size=80))
def test_a_leader_s_sentence_is_read_or_is_unclear(words: str) -> None:
    order = read_order(words, CATALOGUE, "JL01")
    assert order.is_clear == bool(order.parties or order.meets)
    assert order.limit == "" or str(parse_limit(order.limit)) == order.limit


@pytest.mark.parametrize(
    ("words", "parties", "limit", "meets"),
    [
        ("请城管牵头，公安配合，三日内拆除", (D01, D11), "3自然日", False),
        ("公安配合，城管牵头，尽快", (D01, D11), "1工作日", False),
        ("请公安和城管一起开个协调会", (D11, D01), "", True),
        ("望澜这件请市政中心办", (D26,), "", False),
        ("由望澜街道牵头，市政中心配合", (STREET, D26), "", False),
        ("抓紧办", (), "1工作日", False),
    ],
)
def test_who_leads_who_helps_and_by_when(words: str, parties: tuple[Party, ...], limit: str, meets: bool) -> None:
    order = read_order(words, CATALOGUE, "JL01")
    assert (order.parties, order.limit, order.meets) == (parties, limit, meets)
