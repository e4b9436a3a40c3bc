"""Rasa names the act and ranks the items; everything else is read by the same code as with every backend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlu.backend import Scores
from nlu.decision import Thresholds
from nlu.entities.district import PlaceName
from nlu.entities.extract import EntityReader
from nlu.rasa.client import RasaClient, RasaSettings
from nlu.rasa.ranking import scores_of
from nlu.rasa.segments import find_segments
from nlu.reading.acts import read_act
from nlu.reading.assemble import assemble
from nlu.types import Act, Context, Interpretation

LONGEST = 4096
# the server's time grows with the square of the length; what a message is about stands in its beginning
ASKED = 400


class RasaInterpreter:
    """Implements `nlu.types.Interpreter` by asking a Rasa server; `codes` are the items that the list has now."""

    name = "rasa"

    def __init__(
        self,
        settings: RasaSettings,
        codes: Iterable[str],
        places: Sequence[PlaceName],
        thresholds: Thresholds | None = None,
    ) -> None:
        self._client = RasaClient(settings)
        self._codes = frozenset(codes)
        self._entities = EntityReader(places)
        self._thresholds = thresholds or Thresholds()

    async def interpret(self, text: str, context: Context) -> Interpretation:
        """Understands one message; raises `NluUnavailable` if the server is away, slow or talks nonsense."""
        shown = text[:LONGEST]
        scores = await self._score(shown)
        act = read_act(scores.acts, shown, context)
        segments = await find_segments(shown, scores, self._score) if act[0] is Act.REPORT else ()
        entities = self._entities.read(shown, context.now)
        return assemble(text, act, scores, self._thresholds, (*entities, *segments))

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def _score(self, text: str) -> Scores:
        # Rasa takes what begins with a slash for an intent called by its name
        words = text.strip().lstrip("/ ")[:ASKED]
        # without a word there is nothing to learn from: it would guess by the length
        if not any(character.isalpha() for character in words):
            return Scores({**dict.fromkeys(Act, 0.0), Act.CHATTER: 1.0})
        return scores_of(await self._client.parse(words), self._codes)
