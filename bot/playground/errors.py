"""The two ways of saying no: to the bot in Telegram's envelope, to a person of the playground in a sentence."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """A Bot API call that is refused; `status`, `description` and `parameters` go into the real envelope."""

    def __init__(self, status: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})


class PlaygroundError(ValueError):
    """A person of the playground asked for something that no messenger would let him do."""


def bad_request(text: str, parameters: Mapping[str, int] | None = None) -> ApiError:
    """Telegram's 400 with its usual prefix."""
    return ApiError(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> ApiError:
    """Telegram's 403 with its usual prefix."""
    return ApiError(403, f"Forbidden: {text}")
