"""The in-process backend: offline, in one thread of its own, never blocking the event loop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Self

from nlu.backend import Scores
from nlu.decision import Thresholds
from nlu.entities.extract import EntityReader
from nlu.local import store
from nlu.local.encoder import open_encoder
from nlu.local.scorer import Scorer
from nlu.local.segmenter import Asking, T, find_segments, sure_to_be_asked
from nlu.local.store import TrainedModel
from nlu.reading.acts import read_act
from nlu.reading.assemble import assemble
from nlu.types import Act, Context, Interpretation, NluUnavailable, Subject

LONGEST = 4096
_WORD = re.compile(r"[^\W\d_]")


class LocalInterpreter:
    """Implements `nlu.types.Interpreter` with a model that `nlu.training` made."""

    name = "local"

    def __init__(self, model: TrainedModel, thresholds: Thresholds | None = None) -> None:
        self._thresholds = thresholds or model.thresholds
        self._scorer = Scorer(model, open_encoder(model.encoder))
        self._entities = EntityReader(model.places)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nlu")
        self.stamp = model.stamp

    @classmethod
    def load(cls, path: Path, thresholds: Thresholds | None = None) -> Self:
        """Reads a model folder; raises FileNotFoundError if there is no complete model in it."""
        return cls(store.load(path), thresholds)

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Understands one message; raises `NluUnavailable` after `close`."""
        try:
            future = asyncio.get_running_loop().run_in_executor(self._executor, self.read, text, context)
        except RuntimeError as error:
            raise NluUnavailable("the local backend is closed") from error
        return await future

    def read(self, text: str, context: Context) -> Interpretation:
        """The same in the calling thread, for measuring and for the command line."""
        return self.read_all([(text, context)])[0]

    def read_all(self, messages: Sequence[tuple[str, Context]]) -> list[Interpretation]:
        """Several messages; what they want scored at the same time is scored together, for the price of little more."""
        return _side_by_side([self._reading(text, context) for text, context in messages], self._scorer.score)

    def _reading(self, text: str, context: Context) -> Asking[Interpretation]:
        shown = text[:LONGEST]
        entities = self._entities.read(shown, context.now)
        if not _WORD.search(shown) or (_nothing_awaited(context) and self._scorer.is_idle(shown)):
            idle = Scores({Act.CHATTER: 1.0})
            return assemble(text, read_act(idle.acts, shown, context), idle, self._thresholds, entities)
        # What is free of any question or card is a report more often than not: its halves cost least beside it.
        texts = [shown, *sure_to_be_asked(shown)] if _nothing_awaited(context) else [shown]
        known = dict(zip(texts, (yield texts), strict=True))
        scores = known[shown]
        act = read_act(scores.acts, shown, context)
        segments = (yield from find_segments(shown, known, self._scorer)) if act[0] is Act.REPORT else ()
        return assemble(text, act, scores, self._thresholds, (*entities, *segments))

    async def close(self) -> None:
        """Ends the thread; what was begun is finished."""
        self._executor.shutdown(wait=False)


def _nothing_awaited(context: Context) -> bool:
    return context.question is None and context.replies_to is Subject.NOTHING


def _side_by_side(works: Sequence[Asking[T]], score: Callable[[Sequence[str]], Sequence[Scores]]) -> list[T]:
    """What each of them returns; in each round all that they want is asked for at once."""
    found: dict[int, T] = {}
    told: dict[int, Sequence[Scores] | None] = dict.fromkeys(range(len(works)))
    while told:
        wanted: dict[int, Sequence[str]] = {}
        for number, answer in told.items():
            try:
                # the first thing a generator is sent is None, whatever its type says
                wanted[number] = works[number].send(answer)  # type: ignore[arg-type]
            except StopIteration as end:
                found[number] = end.value
        scores = iter(score([text for texts in wanted.values() for text in texts]) if wanted else ())
        told = {number: list(islice(scores, len(texts))) for number, texts in wanted.items()}
    return [found[number] for number in range(len(works))]
