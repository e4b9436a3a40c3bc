"""The checker of answers and updates would notice."""

from __future__ import annotations

import pytest

from tests.playground import spec

_CHAT = {"id": -1, "type": "supergroup", "title": "群"}
_MESSAGE = {"message_id": 1, "date": 5, "chat": _CHAT, "text": "x"}


def test_takes_what_is_right() -> None:
    spec.check_update({"update_id": 1, "message": _MESSAGE})
    spec.check_result("sendmessage", _MESSAGE)


@pytest.mark.parametrize(
    "message",
    [
        {name: value for name, value in _MESSAGE.items() if name != "date"},
        _MESSAGE | {"message_id": "one"},
        _MESSAGE | {"entities": [{"type": "bold"}]},
    ],
)
def test_notices_for_aiogram(message: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        spec.check_update({"update_id": 1, "message": message})


@pytest.mark.skipif(not spec.SPEC.exists(), reason="the shared folder is not here")
@pytest.mark.parametrize(
    "message",
    [
        _MESSAGE | {"nonsense": 1},
        _MESSAGE | {"chat": _CHAT | {"is_forum": 1}},
        _MESSAGE | {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1}]},
    ],
)
def test_notices_for_the_specification(message: dict[str, object]) -> None:
    described = spec.spec()
    assert described is not None
    with pytest.raises(AssertionError):
        spec.walk(described["types"], ["Message"], message, "message")
