"""Eight items and a few hundred short messages: what a real Rasa server learns in ten epochs, within a minute or so."""

from __future__ import annotations

from pathlib import Path

from bot.catalogue_files import read_catalogue
from bot.config import load_config
from nlu.backend import ListItem
from nlu.training.examples import read_folder
from nlu.training.lesson import DATA_FOLDER
from tests.nlu.small_district import write_messages

ROOT = Path(__file__).resolve().parents[2]
CODES = ("SZ-03", "ZF-03", "SZ-04", "SR-01", "XF-05", "HB-02", "SC-01", "YL-01")
EPOCHS = 10
OUTSIDE = "outside"
_LENGTHS = range(4, 26)
_EACH = 16
_CHATTER = 128


def small_list() -> list[ListItem]:
    """The eight items by their names alone: a long scope would slow every step of the training."""
    catalogue = read_catalogue(load_config(ROOT / "config.yml").catalogue_paths())
    return [ListItem(code, catalogue.items[code].name) for code in CODES]


def small_messages() -> dict[str, list[str]]:
    """Short messages from the project's own data by their intents."""
    messages: dict[str, list[str]] = {}
    for example in read_folder(DATA_FOLDER):
        if example.intent == OUTSIDE:
            continue  # a list of eight leaves nearly everything outside: ten epochs do not tell that from chatter
        texts = messages.setdefault(example.intent, [])
        if len(example.text) in _LENGTHS and len(texts) < (_CHATTER if example.intent == "chatter" else _EACH):
            texts.append(example.text)
    return messages


def write_small_messages(folder: Path) -> Path:
    """The same as one training file in the folder."""
    return write_messages(folder, small_messages())
