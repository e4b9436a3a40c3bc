"""The demonstration's own model, opened once: what people would really be understood by."""

from __future__ import annotations

import pytest

from bot.catalogue_files import read_catalogue
from bot.config import load_config
from bot.config.understanding import open_local
from nlu.local import LocalInterpreter
from tests.support.world import DEMO_CONFIG


@pytest.fixture(scope="session")
def real() -> LocalInterpreter:
    """Trained first if there is none yet; worlds do not close what they were given."""
    config = load_config(DEMO_CONFIG)
    return open_local(config, read_catalogue(config.catalogue_paths()))
