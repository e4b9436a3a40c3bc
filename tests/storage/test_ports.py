"""What the use cases were promised is what is here: every method, with its parameters."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import pytest

from bot.application import inbox as inbox_ports
from bot.application import ports
from storage.delivery import SqlDelivery
from storage.inbox import SqlInbox
from storage.redis_wakeup import MemoryWakeup, RedisWakeup
from storage.store import SqlStore, SqlUnitOfWork


def promised(protocol: type[Any]) -> dict[str, inspect.Signature]:
    methods = {name: value for name, value in vars(protocol).items() if inspect.isfunction(value)}
    return {name: inspect.signature(value) for name, value in methods.items() if not name.startswith("_")}


def differing(protocol: type[Any], kept: type[Any]) -> list[str]:
    bad = []
    for name, signature in promised(protocol).items():
        told = [(p.name, p.kind, p.default) for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY]
        place = [p.default for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        own = inspect.signature(getattr(kept, name)).parameters.values()
        if told != [(p.name, p.kind, p.default) for p in own if p.kind is p.KEYWORD_ONLY] or place != [
            p.default for p in own if p.kind is p.POSITIONAL_OR_KEYWORD
        ]:
            bad.append(name)
    return bad


@pytest.mark.parametrize(
    ("protocol", "kept"),
    [
        (ports.Store, SqlStore),
        (ports.UnitOfWork, SqlUnitOfWork),
        (inbox_ports.InboxStore, SqlInbox),
        (inbox_ports.DeliveryStore, SqlDelivery),
        (inbox_ports.Wakeup, MemoryWakeup),
        (inbox_ports.Wakeup, RedisWakeup),
    ],
)
def test_the_promised_methods_are_there(protocol: type[Any], kept: type[Any]) -> None:
    assert promised(protocol)
    assert differing(protocol, kept) == []


async def test_a_unit_of_work_has_every_repository(store: SqlStore) -> None:
    async with store.read() as uow:
        for name, protocol in get_type_hints(ports.UnitOfWork).items():
            assert differing(protocol, type(getattr(uow, name))) == [], name


def as_store(kept: SqlStore) -> ports.Store:
    """The type checker reads these four: what is returned must keep its port."""
    return kept


def as_unit_of_work(kept: SqlUnitOfWork) -> ports.UnitOfWork:
    return kept


def as_inbox(kept: SqlInbox) -> inbox_ports.InboxStore:
    return kept


def as_delivery(kept: SqlDelivery) -> inbox_ports.DeliveryStore:
    return kept
