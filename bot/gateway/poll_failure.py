"""Why a getUpdates call failed, and the sentence for the operator's log."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx

FAILURES: Mapping[str, str] = {
    "unauthorized": "Telegram does not know this token (401): is it the right one, was it revoked?",
    "not found": "there is no bot at this address (404): the token is malformed, or the server's address is wrong",
    "conflict": "another program fetches this bot's updates, or a webhook is set (409): only one may run",
    "too many": "Telegram asks for a pause (429)",
    "server": "the Bot API server has a fault of its own",
    "refused": "the Bot API server refused getUpdates",
    "timeout": "the Bot API server did not answer in time",
    "network": "the Bot API server cannot be reached",
    "nonsense": "the answer to getUpdates could not be understood",
    "storage": "updates could not be stored, they stay with Telegram",
}

_KINDS = {401: "unauthorized", 404: "not found", 409: "conflict", 429: "too many"}
_LONGEST_DETAIL = 200


class PollFailed(Exception):
    """One failed poll; `retry_after` is what the server asked for, in seconds."""

    def __init__(self, kind: str, detail: str, retry_after: float = 0.0) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after

    @property
    def is_webhook_set(self) -> bool:
        """Whether the conflict is with a webhook, not with another poller."""
        return self.kind == "conflict" and "webhook" in self.detail.lower()


def failure_of(response: httpx.Response) -> PollFailed | None:
    """What an answer that is no success means."""
    if response.is_success:
        return None
    default = "server" if response.status_code >= 500 else "refused"
    description, retry_after = _told(response.content)
    return PollFailed(_KINDS.get(response.status_code, default), description, retry_after)


def _told(body: bytes) -> tuple[str, float]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return "", 0.0
    if not isinstance(answer, dict):
        return "", 0.0
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return str(answer.get("description", ""))[:_LONGEST_DETAIL], float(seconds) if isinstance(seconds, int) else 0.0
