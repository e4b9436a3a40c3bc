"""Asks a Rasa server for its ranking of intents: one pool, everything bounded in time, one typed error."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import httpx

from nlu.types import NluUnavailable


@dataclass(frozen=True, slots=True)
class RasaSettings:
    """`patience` is all the time that one question may take, waiting for a connection included; seconds."""

    url: str
    patience: float = 3.0
    connect: float = 1.0
    connections: int = 8


@dataclass(frozen=True, slots=True)
class IntentGuess:
    """An intent by its name in the training data and the server's own confidence (0..1)."""

    intent: str
    confidence: float


class RasaClient:
    """A pool of connections to one server; every failure is a `NluUnavailable` that says what was wrong."""

    def __init__(self, settings: RasaSettings) -> None:
        self._patience = settings.patience
        self._client = httpx.AsyncClient(
            base_url=settings.url,
            timeout=httpx.Timeout(settings.patience, connect=settings.connect),
            limits=httpx.Limits(max_connections=settings.connections, max_keepalive_connections=settings.connections),
            # what people write must not take the way of a proxy that somebody set for other things
            trust_env=False,
        )

    async def parse(self, text: str) -> tuple[IntentGuess, ...]:
        """The server's ranking, best first; raises `NluUnavailable`."""
        if self._client.is_closed:
            raise NluUnavailable("the Rasa backend is closed")
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._client.post("/model/parse", json={"text": text})
        except TimeoutError as error:
            raise NluUnavailable(f"the Rasa server took longer than {self._patience:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
            raise NluUnavailable(f"the Rasa server cannot be reached ({type(error).__name__})") from error
        if answer.status_code != httpx.codes.OK:
            raise NluUnavailable(f"the Rasa server answered {answer.status_code}")
        return _ranking_in(answer.content)

    async def close(self) -> None:
        """Closes the connections; whoever asks afterwards is refused."""
        await self._client.aclose()


def _ranking_in(content: bytes) -> tuple[IntentGuess, ...]:
    try:
        page: Any = json.loads(content)
        guesses = [IntentGuess(str(one["name"]), float(one["confidence"])) for one in page["intent_ranking"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NluUnavailable("the Rasa server's answer holds no ranking of intents") from error
    if not guesses or not all(0 <= guess.confidence <= 1 for guess in guesses):
        raise NluUnavailable("the Rasa server's ranking is empty or holds something else than probabilities")
    return tuple(sorted(guesses, key=lambda guess: -guess.confidence))
