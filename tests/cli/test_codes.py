"""`jiehu code`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.application.records import CodeKind
from storage.store import SqlStore
from tests.cli.conftest import Line


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("street", "JL01"),
        ("community", "JL0103"),
        ("department", "D01"),
        ("department", "D34-JL03"),
        ("hub", "hub"),
        ("enforcement", "JL01"),
        ("leaders", "hub"),
        ("mixed", "JL0103"),
    ],
)
def test_a_group_gets_a_code_that_is_stored_for_a_week(line: Line, kind: str, of: str) -> None:
    told = line.json("code", "group", "--kind", kind, "--of", of)
    assert told.keys() == {"code", "expires_at"}
    expires_at = datetime.fromisoformat(told["expires_at"])
    assert expires_at.utcoffset() == timedelta(hours=8)
    assert abs(expires_at - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=5)

    async def stored() -> tuple[CodeKind, str, str]:
        store = SqlStore.open(line.url)
        async with store.read() as uow:
            code = await uow.codes.get(told["code"])
        await store.close()
        assert code is not None
        return code.kind, code.value, code.of

    assert asyncio.run(stored()) == (CodeKind.GROUP, kind, of)


@pytest.mark.parametrize(
    ("role", "of"),
    [
        ("grid_worker", "JL0103"),
        ("grid_worker", "JL01"),
        ("street_officer", "JL01"),
        ("dispatcher", "hub"),
        ("liaison", "D34-JL03"),
        ("department_leader", "D01"),
        ("district_leader", "hub"),
        ("list_office", "hub"),
        ("delegate", "hub"),
    ],
)
def test_a_person_gets_a_code(line: Line, role: str, of: str) -> None:
    assert line.json("code", "person", "--role", role, "--of", of)["code"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("group", "--kind", "street", "--of", "JL99"),
            "JL99 is no street, community, department or unit of the list, nor hub.",
        ),
        (("group", "--kind", "street", "--of", "D01"), "street cannot be of D01; it is of a street such as JL01."),
        (("group", "--kind", "leaders", "--of", "JL01"), "leaders cannot be of JL01; it is of hub."),
        (
            ("person", "--role", "street_officer", "--of", "hub"),
            "street_officer cannot be of hub; it is of a street such as JL01.",
        ),
    ],
)
def test_a_code_for_nobody_is_refused(line: Line, words: tuple[str, ...], sentence: str) -> None:
    assert line.refusal("code", *words) == sentence


def test_without_json_the_words_to_send_are_printed(line: Line) -> None:
    assert line("code", "group", "--kind", "hub", "--of", "hub").stdout.startswith("/bind ")
    assert line("code", "person", "--role", "dispatcher", "--of", "hub").stdout.startswith("/join ")
