"""`make day`: the day as the district is configured, and with everything asked of officers and leaders."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import structlog

from tests.day.district_day import CALLS, EVERYTHING_ASKED, MORNING, a_district_day, table


async def main() -> None:
    """Prints both tables."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    for title, rules in (("as configured", {}), ("every call started, every answer signed", EVERYTHING_ASKED)):
        with tempfile.TemporaryDirectory() as folder:
            async with a_district_day(Path(folder), **rules) as day:
                await day.run(MORNING + timedelta(hours=12))
                print(f"{title}: {day.reported} of {CALLS} calls of one street on one day\n{table(day)}\n")


if __name__ == "__main__":
    asyncio.run(main())
