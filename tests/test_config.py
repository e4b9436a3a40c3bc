"""config.yml: what it becomes, and each mistake as one sentence with its line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.catalogue_files import read_catalogue
from bot.config import Config, ConfigError, load_config, work_calendar
from bot.config.config import TOKEN_MISSING
from bot.domain.rules import AnswerSignature, Rules
from bot.domain.work_calendar import OFFICE_HOURS
from nlu.decision import Thresholds

ROOT = Path(__file__).resolve().parents[1]
MINIMAL = """\
district: {name: 锦澜区, ticket_prefix: JL}
catalogue: {items: i.csv, departments: d.csv, units: u.csv, streets: s.csv}
"""


def read(tmp_path: Path, text: str, **variables: str) -> Config:
    file = tmp_path / "config.yml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, variables)


def mistakes(tmp_path: Path, text: str, **variables: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text, **variables)
    return raised.value.sentences


def test_a_minimal_file_means_the_defaults_of_the_rules(tmp_path: Path) -> None:
    config = read(tmp_path, MINIMAL)
    assert config.rules() == Rules()
    assert config.office_hours() == OFFICE_HOURS
    assert config.thresholds() is None


def test_every_choice_arrives_in_the_rules(tmp_path: Path) -> None:
    text = MINIMAL.replace("JL}", "XQ, zone: Asia/Urumqi}") + (
        "rules: {direct_levels: [一般, 复杂], standing_authority: [SZ-03], standing_title: 书记,\n"
        "  answer_signature: all, verifier: street_officer, undelivered_after_minutes: 11, undo_seconds: 31,\n"
        "  similar_within_days: 4, start_limit: 3工作时, hub_limit: 3.50工作时, hub_emergency_limit: 1紧急工作时,\n"
        "  ruling_limit: 5工作时, dispute_limit: 6工作日, street_answer_limit: 3工作时,\n"
        "  release_limit: 6工作时, verification_limit: 4工作日, self_sign_limit: 7工作时,\n"
        "  mistakes_before_private: 4, max_rounds: 5, urges_per_assignment: 6, urge_distance_minutes: 60,\n"
        "  draft_expires_at: 13:30, resident_passes_on_after_minutes: 16, community_calls_street: [SR-01], emergency_departments: [D09], delegate_acts: [启动]}\n"
        "leaders: [{name: 贺明远}]\n"
        "meetings: {answer_within: 5工作时, standing: [D01]}\n"
        "reverse: {leader_within: 2工作日}\n"
        "enforcement: {department: D33}\n"
        "digests: {times: [10:00], leaders_at: 08:30, officers_every: 2工作时, summary_at: 16:00}\n"
        "delivery: {rings_from: 07:30, rings_to: 20:00}\n"
        "requests: {answer_within: 5工作时, silence: grant, extensions: 3, suspensions: 2,\n"
        "  longest_suspension_days: 90}\n"
        "scan: {digest_after_minutes: 20}\n"
        "merging: {likeness: 0.4, facilities: [SZ-03], burst: 6, burst_within_hours: 12}\n"
        "two_way: {items: s.csv, clause: 第一条, admitted_name: 临时, approvers: [[hub]], card_limit: 2工作日,\n"
        "  approval_limit: 4工作日}\n"
    )
    columns = "code,name,scope,departments,sign_limit,handle_limit,clause"
    (tmp_path / "s.csv").write_text(f"{columns}\nJD-01,通知居民,通知,,2工作时,2工作日,第1条\n", encoding="utf-8")
    rules = read(tmp_path, text).rules()
    same = [name for name in Rules.__slots__ if getattr(rules, name) == getattr(Rules(), name)]
    assert same == []
    assert rules.hub_limit == "3.5工作时"
    assert rules.draft_expires_at == time(13, 30)
    assert rules.urge_distance == timedelta(hours=1)


def test_the_demonstration_district_calls_without_asking_and_answers_without_signature() -> None:
    config = load_config(ROOT / "config.yml", {})
    rules = config.rules()
    assert rules.standing_items is None
    assert rules.answer_signature is AnswerSignature.NONE
    assert config.catalogue_paths().items == ROOT / "examples/jinlan/items.csv"
    streets = {leader.name: leader.streets for leader in config.rules().leaders}
    assert streets["沈知秋"] == {"JL05", "JL06", "JL07", "JL08"}
    assert config.district.phones.complaints == "12388"
    assert list(config.contradictions(read_catalogue(config.catalogue_paths()))) == []


MISTAKES = [
    ("district: {name: 锦澜区}", "line 1: district.ticket_prefix is missing"),
    ("district: {name: '', ticket_prefix: JL}", "line 1: district.name “” is empty"),
    (
        "district: {name: 区, ticket_prefix: jl}",
        "line 1: district.ticket_prefix “jl” must be two to four capital letters",
    ),
    (
        "district: {name: 区, ticket_prefix: JL, zone: Asia/Shangai}",
        "“Asia/Shangai” is no time zone such as Asia/Shanghai",
    ),
    ("rules:\n\n  undo_second: 5", "line 3: rules.undo_second is no setting; did you mean undo_seconds?"),
    ("rules:\n  undo_seconds: 1000", "line 2: rules.undo_seconds “1000” must be at most 600"),
    ("rules:\n  undo_seconds: -1", "line 2: rules.undo_seconds “-1” must be at least 0"),
    ("rules:\n  max_rounds: drei", "line 2: rules.max_rounds “drei” is no whole number"),
    ("rules:\n  start_limit: 3小时", "“3小时” is no limit such as 2工作时, 3工作日, 0.5紧急工作时 or 1自然日"),
    ("rules:\n  start_limit: 1.5工作日", "rules.start_limit “1.5工作日” is no limit"),
    (
        "rules:\n  direct_levels:\n    - 一般\n    - 高",
        "line 4: rules.direct_levels.1 “高” is none of 一般, 复杂, 重大",
    ),
    ("rules:\n  standing_authority: some", "“some” is neither `all` nor a list of item codes"),
    ("rules:\n  answer_signature: never", "“never” is none of none, complex, all"),
    ("rules: 5", "line 1: rules “5” must be a group of settings"),
    ("calendar:\n  office_hours: [{opens: 13:00, closes: 12:00}]", "line 2: calendar.office_hours must open before"),
    ("calendar:\n  office_hours: []", "line 2: calendar.office_hours must open before"),
    ("calendar:\n  office_hours: [{opens: 9 Uhr, closes: 12:00}]", "opens “9 Uhr” is no time of day such as 08:30"),
    ("calendar:\n  days:\n  - {date: 2026-13-01, works: false}", "line 3: calendar.days.0.date “2026-13-01” is no day"),
    ("calendar:\n  days:\n  - {date: 2026-12-01, works: perhaps}", "works “perhaps” is neither true nor false"),
    (
        "calendar:\n  days:\n  - {date: 2026-12-01, works: no}\n  - {date: 2026-12-01, works: yes}",
        "line 2: calendar.days names 2026-12-01 twice",
    ),
    ("understanding: {report_ask: 0.95}", "understanding — report_ask must not be greater than report_sure"),
    ("understanding: {accept_margin: 0.1}", "accept_confidence and accept_margin are given both or not at all"),
    ("understanding: {report_sure: 2}", "understanding.report_sure “2” must be at most 1"),
    ("delivery: {rings_from: 22:00}", "delivery — rings_from must be earlier than rings_to"),
    ("delivery: {rings_from: 08:00Z}", "is no local time of day such as 08:30"),
    ("delivery: {group_per_minute: 40}", "delivery.group_per_minute “40” must be at most 20"),
    ("delivery: {chat_per_second: 0}", "delivery.chat_per_second “0” must be more than 0"),
    ("retention: {tokens_days: 0}", "retention.tokens_days “0” must be at least 1"),
    ("telegram: {mode: push}", "telegram.mode “push” is none of polling, webhook"),
    ("telegram: {mode: webhook}", "telegram — webhook.url must be an https:// address when mode is webhook"),
    ("telegram: {base_url: localhost}", "“localhost” is no address that begins with http:// or https://"),
    (
        "telegram:\n  token: 1:abc",
        "line 2: telegram.token is a secret and belongs into the environment as TELEGRAM_TOKEN",
    ),
    ("telegram: {webhook: {secret: s}}", "belongs into the environment as TELEGRAM_WEBHOOK_SECRET"),
    ("nlu: {backend: magic}", "nlu.backend “magic” is neither local nor rasa"),
    ("leaders:\n- {post: 区长}", "line 2: leaders.0.name is missing"),
    ("leaders: 贺明远", "line 1: leaders “贺明远” must be a list"),
    ("rules: {}\nrules: {}", "line 2: `rules` is given twice, first in line 1"),
    ("rules: {", "this is no YAML"),
    ("- a\n- b", "line 1: the file is not a list of settings such as `district:`"),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES, ids=[text for text, _ in MISTAKES])
def test_a_mistake_is_one_sentence_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    found = mistakes(tmp_path, text)
    assert any(expected in words for words in found), found
    for words in found:
        assert words.startswith("config.yml, line ")
        assert words.endswith((".", "?"))
        assert "\n" not in words


def test_a_valid_rest_of_the_file_yields_exactly_one_sentence(tmp_path: Path) -> None:
    assert mistakes(tmp_path, MINIMAL + "rules:\n  undo_seconds: x\n") == [
        "config.yml, line 4: rules.undo_seconds “x” is no whole number."
    ]


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "district: {name: 区, ticket_prefix: J}\nrules: {max_rounds: x, max_round: 2}\nnlu: {backend: b}\n"
    lines = [words.split(":")[0] for words in mistakes(tmp_path, text)]
    assert lines == sorted(lines)
    assert len(lines) == 5


def test_a_missing_file_and_one_that_is_no_text_are_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"There is no file .*nowhere.yml; name another one with --config FILE"):
        load_config(tmp_path / "nowhere.yml", {})
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read as UTF-8 text"):
        load_config(tmp_path / "binary.yml", {})


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    text = MINIMAL + "telegram: {base_url: https://example.org/}\nstorage: {database_url: 'sqlite:///a.db'}\n"
    config = read(
        tmp_path,
        text,
        TELEGRAM_TOKEN="1:hidden",
        TELEGRAM_BASE_URL="http://127.0.0.1:9/",
        TELEGRAM_BASE_FILE_URL="http://127.0.0.1:9/file",
        TELEGRAM_WEBHOOK_SECRET="s-1_",
        DATABASE_URL="postgresql://db/jiehu",
        REDIS_URL="redis://r",
        RASA_URL="http://127.0.0.1:5005",
    )
    assert (config.token(), config.webhook_secret()) == ("1:hidden", "s-1_")
    assert config.telegram.base_url == "http://127.0.0.1:9"
    assert config.telegram.base_file_url == "http://127.0.0.1:9/file"
    assert (config.storage.database_url, config.storage.redis_url) == ("postgresql://db/jiehu", "redis://r")
    assert config.nlu.rasa_url == "http://127.0.0.1:5005"
    assert "hidden" not in repr(config)


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    config = read(tmp_path, MINIMAL, TELEGRAM_TOKEN=" ", DATABASE_URL="")
    assert config.token() == ""
    assert config.storage.database_url == f"sqlite+aiosqlite:///{tmp_path}/data/jiehu.db"


def test_a_mistake_in_the_environment_names_the_variable_and_no_secret(tmp_path: Path) -> None:
    found = mistakes(tmp_path, MINIMAL, TELEGRAM_BASE_URL="ftp://x", TELEGRAM_WEBHOOK_SECRET="夏天 夏天")
    assert any(
        words.startswith("Environment variable TELEGRAM_BASE_URL: telegram.base_url “ftp://x”") for words in found
    )
    assert any("TELEGRAM_WEBHOOK_SECRET" in words for words in found)
    assert not any("夏天" in words for words in found)


@pytest.mark.parametrize("url", ["sqlite:////tmp/x.db", "sqlite+aiosqlite:///:memory:", "postgresql://u@h/d"])
def test_only_a_relative_database_file_moves_to_the_folder_of_the_config(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, f"{MINIMAL}storage: {{database_url: '{url}'}}").storage.database_url == url
    moved = read(tmp_path, f"{MINIMAL}storage: {{database_url: 'sqlite:///d/x.db', files: f}}").storage
    assert (moved.database_url, moved.files) == (f"sqlite:///{tmp_path}/d/x.db", tmp_path / "f")


def test_what_is_missing_for_running_is_one_sentence_each(tmp_path: Path) -> None:
    text = MINIMAL + "telegram: {mode: webhook, webhook: {url: 'https://h/x'}}"
    assert list(read(tmp_path, MINIMAL).missing_for_running()) == [TOKEN_MISSING]
    assert len(list(read(tmp_path, text).missing_for_running())) == 2
    assert list(read(tmp_path, text, TELEGRAM_TOKEN="1:a", TELEGRAM_WEBHOOK_SECRET="s").missing_for_running()) == []


def test_thresholds_are_taken_as_a_pair(tmp_path: Path) -> None:
    config = read(tmp_path, MINIMAL + "understanding: {accept_confidence: 0.4, accept_margin: 0.2}")
    assert config.thresholds() == Thresholds(0.4, 0.2)


def test_names_that_the_list_does_not_have_are_said_with_their_line(tmp_path: Path) -> None:
    demo = load_config(ROOT / "config.yml", {})
    text = MINIMAL + "rules:\n  standing_authority: [SZ-03, SZ-99]\nleaders:\n- {name: 甲, streets: [JL01, JL77]}\n"
    text += "merging: {facilities: [SZ-03, SZ-98, MS-01, WJ-04, ZF-01, ZA-02]}\n"
    text = text.replace("SZ-99]", "SZ-99]\n  emergency_departments: [D09, D98]")
    found = list(read(tmp_path, text).contradictions(read_catalogue(demo.catalogue_paths())))
    assert found == [
        "config.yml, line 4: rules.standing_authority names the item SZ-99, which the list does not have.",
        "config.yml, line 8: merging.facilities names MS-01, which is no facility and is never counted.",
        "config.yml, line 8: merging.facilities names the item SZ-98, which the list does not have.",
        "config.yml, line 8: merging.facilities names WJ-04, which is no facility and is never counted.",
        "config.yml, line 8: merging.facilities names ZA-02, which is no facility and is never counted.",
        "config.yml, line 8: merging.facilities names ZF-01, which is no facility and is never counted.",
        "config.yml, line 5: rules.emergency_departments names D98, which is no department of the list.",
        "config.yml, line 7: 甲 answers for JL77, which is no street of the list.",
    ]


def test_the_calendar_has_the_districts_hours_days_and_zone(tmp_path: Path) -> None:
    text = MINIMAL + (
        "calendar:\n  office_hours: [{opens: 08:30, closes: 17:30}]\n"
        "  days: [{date: 2026-11-23, works: false, name: 停电}]\n"
    )
    calendar = work_calendar(read(tmp_path, text))
    assert calendar.day(date(2026, 11, 23)).name == "停电"
    assert not calendar.is_working_day(date(2026, 11, 23))
    assert calendar.closing(date(2026, 11, 24)).astimezone(calendar.zone) == datetime(
        2026, 11, 24, 17, 30, tzinfo=calendar.zone
    )


def test_a_notice_named_in_config_is_read_or_its_mistake_said(tmp_path: Path) -> None:
    days = [f'{{"name": "节", "date": "2031-{day}", "isOffDay": true}}' for day in STATUTORY_2031]
    (tmp_path / "2031.json").write_text(f'{{"year": 2031, "days": [{",".join(days)}]}}', encoding="utf-8")
    calendar = work_calendar(read(tmp_path, MINIMAL + "calendar:\n  notices:\n  - 2031.json\n"))
    assert calendar.is_published(2031)
    with pytest.raises(ConfigError, match=r"config.yml, line 5: .*gone.json is no notice in the form of holiday-cn"):
        work_calendar(read(tmp_path, MINIMAL + "calendar:\n  notices:\n  - gone.json\n"))


def _statutory() -> list[str]:
    from bot.domain.holidays import statutory_days

    return [f"{day:%m-%d}" for day in statutory_days(2031)]


STATUTORY_2031 = _statutory()
