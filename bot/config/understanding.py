"""What config and list hand to understanding: items and places in `nlu`'s own records, and the backends."""

from __future__ import annotations

from pathlib import Path

from bot.config.config import Config
from bot.config.load import ConfigError
from bot.domain.catalogue import Catalogue
from nlu.backend import ListItem
from nlu.entities.district import PlaceName
from nlu.types import Interpreter

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


def local_model(config: Config, catalogue: Catalogue) -> Path:
    """The folder of the model for that list; trains it if there is none yet, which takes a while."""
    from nlu.training.train import ensure_model

    return ensure_model(list_items(catalogue), place_names(catalogue), None, config.models_folder())


def open_local(config: Config, catalogue: Catalogue) -> Interpreter:
    """The backend in this process over that list."""
    # its libraries take longer to load than most commands to run
    from nlu.local import LocalInterpreter

    return LocalInterpreter.load(local_model(config, catalogue), config.thresholds())


def open_rasa(config: Config, catalogue: Catalogue) -> Interpreter:
    """The client of config's Rasa server, which need not be there yet; raises `ConfigError` without its address."""
    from nlu.rasa import RasaInterpreter, RasaSettings

    if not config.nlu.rasa_url:
        raise ConfigError([RASA_URL_MISSING])
    settings = RasaSettings(config.nlu.rasa_url)
    return RasaInterpreter(settings, catalogue.items, place_names(catalogue), config.thresholds())


def open_interpreter(config: Config, catalogue: Catalogue) -> Interpreter:
    """The backend that config chooses for the bot; the local one stands in whenever the Rasa server is away."""
    if config.nlu.backend != "rasa":
        return open_local(config, catalogue)
    from nlu.fallback import FallbackInterpreter

    return FallbackInterpreter(open_rasa(config, catalogue), open_local(config, catalogue))
