"""What config and list hand to understanding: items and places in `nlu`'s own records, and the local backend."""

from __future__ import annotations

from pathlib import Path

from bot.config.config import Config
from bot.domain.catalogue import Catalogue
from nlu.backend import ListItem
from nlu.entities.district import PlaceName
from nlu.types import Interpreter


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
