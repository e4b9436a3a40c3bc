"""Precision and recall of `＋1 并案` on hand-checked pairs of real titles: `python -m tests.bench.likeness POOL.csv`.

The titles (`id,text`) are read at run time and never kept here; `same_matter.csv` holds only their ids and the label.
"""

from __future__ import annotations

import asyncio
import csv
import sys
from pathlib import Path

from bot.cli.understanding import open_interpreter
from bot.config import load_config
from bot.domain.similarity import Said, likeness
from nlu.types import Context, Setting, Speaker

ROOT = Path(__file__).resolve().parents[2]
PAIRS = Path(__file__).with_name("same_matter.csv")
STEPS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


async def items_of(texts: dict[str, str]) -> dict[str, str]:
    """The first item of each title as the trained model understands it."""
    interpreter = open_interpreter(load_config(ROOT / "config.yml"), "local")
    context = Context(Setting.STREET, Speaker.UNKNOWN)
    found = {}
    for number, text in texts.items():
        read = await interpreter.interpret(text, context)
        found[number] = read.items[0].code if read.items else ""
    await interpreter.close()
    return found


def main(pool: Path) -> None:
    """A line a threshold: alone, and with the condition that both have the same item."""
    titles = {row["id"]: row["text"] for row in csv.DictReader(pool.open(encoding="utf-8"))}
    pairs = [(r["id"], r["other"], r["same"] == "1") for r in csv.DictReader(PAIRS.open(encoding="utf-8"))]
    items = asyncio.run(items_of({i: titles[i] for pair in pairs for i in pair[:2]}))
    true = sum(same for _, _, same in pairs)
    print(f"{len(pairs)} pairs, {true} the same matter")
    for with_item in (False, True):
        for at_least in STEPS:
            offered = [
                same
                for one, other, same in pairs
                if likeness(Said(titles[one]), Said(titles[other])) >= at_least
                and (not with_item or items[one] == items[other])
            ]
            hits = sum(offered)
            precision = hits / len(offered) if offered else 0.0
            name = "same item" if with_item else "words and place alone"
            print(f"{name} >= {at_least}: offered {len(offered)}, precision {precision:.2f}, recall {hits / true:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
