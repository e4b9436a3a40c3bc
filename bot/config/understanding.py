"""What config and list hand to understanding: items and places in `nlu`'s own records, and the backends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.config.config import Config
from bot.config.learned import InService, folder_of, forget_replaced, read_in_service
from bot.config.load import ConfigError
from bot.domain.catalogue import Catalogue
from nlu.backend import ListItem
from nlu.entities.district import PlaceName
from nlu.exchange import ExchangeableInterpreter
from nlu.types import Interpreter

if TYPE_CHECKING:
    from nlu.evaluation.compare import Exam
    from nlu.local import LocalInterpreter
    from nlu.training.lesson import Lesson

log = structlog.get_logger(__name__)
RASA_URL_MISSING = "RASA_URL is not set: the backend rasa needs the address of a Rasa server."


def list_items(catalogue: Catalogue) -> list[ListItem]:
    """The list as `nlu` takes it."""
    return [
        ListItem(item.code, item.name, item.scope, item.out_of_scope, item.street_duty, item.emergency)
        for item in catalogue.items.values()
    ]


def place_names(catalogue: Catalogue) -> list[PlaceName]:
    """Streets and communities as `nlu` takes them."""
    streets = [PlaceName(street.code, street.name) for street in catalogue.streets.values()]
    return streets + [PlaceName(one.code, one.name, one.street) for one in catalogue.communities.values()]


def lesson_in_service(config: Config) -> Lesson:
    """What the local backend learns: the training files and the released examples that are in service."""
    models = config.models_folder()
    return lesson_of(config, read_in_service(models).examples)


def lesson_of(config: Config, examples: str) -> Lesson:
    """The training files with that set of released examples."""
    from nlu.training.lesson import DATA_FOLDER, Lesson

    folder = folder_of(config.models_folder(), examples)
    if folder is not None and not folder.is_dir():
        log.warning("released examples are gone, learning goes on without them", folder=str(folder))
        folder = None
    return Lesson(config.nlu.data or DATA_FOLDER, folder)


def exam_of(config: Config, catalogue: Catalogue) -> Exam:
    """Where models for that list are compared."""
    from nlu.evaluation.compare import Exam

    return Exam(list_items(catalogue), place_names(catalogue), config.models_folder())


def local_model(config: Config, catalogue: Catalogue, lesson: Lesson | None = None) -> Path:
    """The folder of the model for that list; trains it if there is none yet, which takes a while."""
    from nlu.training.train import ensure_model

    lesson, folder = lesson or lesson_in_service(config), config.models_folder()
    with _alone(folder):
        return ensure_model(list_items(catalogue), place_names(catalogue), lesson, folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of several processes that start at once one trains and the others wait for it; on Windows each trains."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with ExitStack() as stack:
        # A folder that cannot be written has its model already, or cannot have one.
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            fcntl.flock(stack.enter_context((folder / ".training").open("w")), fcntl.LOCK_EX)
        yield


def open_local(config: Config, catalogue: Catalogue) -> LocalInterpreter:
    """The backend in this process over that list."""
    # its libraries take longer to load than most commands to run
    from nlu.local import LocalInterpreter

    return LocalInterpreter.load(local_model(config, catalogue), config.thresholds())


class LocalInService:
    """The local backend of a running bot, and the look for a newer model: `jiehu nlu train` needs no restart."""

    def __init__(self, config: Config, seen: tuple[int, InService], model: Path, first: Interpreter) -> None:
        self._config = config
        self._seen = seen
        self._model = model
        self.interpreter = ExchangeableInterpreter(first)

    @classmethod
    async def open(cls, config: Config, catalogue: Catalogue) -> LocalInService:
        """With the model for that list, which is trained if there is none yet."""
        seen = (catalogue.version, read_in_service(config.models_folder()))
        model = await asyncio.to_thread(local_model, config, catalogue)
        return cls(config, seen, model, await _reading_with(config, model))

    async def refresh(self, catalogue: Catalogue) -> bool:
        """Takes in the model for this list and the examples in service once it is there; whether it was exchanged."""
        seen = (catalogue.version, read_in_service(self._config.models_folder()))
        if seen == self._seen:
            return False
        model = await asyncio.to_thread(self._trained, catalogue)
        if model is None:
            return False
        self._seen = seen
        if model == self._model:
            return False
        newer = await _reading_with(self._config, model)
        log.info("another model is in service", before=self._model.name, now=model.name)
        self._model = model
        await self.interpreter.exchange(newer)
        return True

    def _trained(self, catalogue: Catalogue) -> Path | None:
        """The model's folder if it was trained already: a bot that answers people does not train beside it."""
        from nlu.local import store
        from nlu.training.train import model_folder

        lesson = lesson_in_service(self._config)
        folder = model_folder(list_items(catalogue), place_names(catalogue), lesson, self._config.models_folder())
        return folder if store.is_complete(folder) else None


async def _reading_with(config: Config, model: Path) -> Interpreter:
    if config.nlu.own_process:
        from nlu.apart import ApartInterpreter

        return await ApartInterpreter.open(model, config.thresholds())
    from nlu.local import LocalInterpreter

    return await asyncio.to_thread(LocalInterpreter.load, model, config.thresholds())


def open_rasa(config: Config, catalogue: Catalogue, patience: float = 3.0) -> Interpreter:
    """The client of config's Rasa server, which need not be there yet; raises `ConfigError` without its address.

    `patience`: seconds for one question. People in a chat wait for the fallback no longer than the default; a server's
    very first answer takes longer.
    """
    from nlu.rasa import RasaInterpreter, RasaSettings

    if not config.nlu.rasa_url:
        raise ConfigError([RASA_URL_MISSING])
    settings = RasaSettings(config.nlu.rasa_url, patience=patience)
    return RasaInterpreter(settings, catalogue.items, place_names(catalogue), config.thresholds())


async def open_interpreter(config: Config, catalogue: Catalogue) -> tuple[Interpreter, LocalInService]:
    """The backend that config chooses for the bot; the local one stands in whenever the Rasa server is away."""
    rasa = open_rasa(config, catalogue) if config.nlu.backend == "rasa" else None
    local = await LocalInService.open(config, catalogue)
    if rasa is None:
        return local.interpreter, local
    from nlu.fallback import FallbackInterpreter

    return FallbackInterpreter(rasa, local.interpreter), local


def forget_old_examples(config: Config, *, now_real: float) -> int:
    """Removes the sets of released examples that config keeps no longer; how many. `now_real` is in seconds."""
    kept = config.retention.replaced_examples_days * 86_400
    return forget_replaced(config.models_folder(), now_real - kept)
