"""The bars of a good guest, held over a whole day on which every call is started and every answer signed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Role
from tests.day.district_day import CALLS, EVERYTHING_ASKED, MORNING, STREET, a_district_day, table
from tests.support.plain_words import REPORTS

LONGEST_SENTENCE = max(map(len, REPORTS)) + len("，梧桐路31号门口")


@pytest.mark.slow
async def test_a_day_costs_little(tmp_path: Path) -> None:
    async with a_district_day(tmp_path, **EVERYTHING_ASKED) as day:
        await day.run(MORNING + timedelta(hours=12))
        shown = table(day)
        print(shown)
        workers = day.of_role(Role.GRID_WORKER, of=STREET)
        assert day.reported == CALLS
        assert sum(tally.typed for tally in workers.values()) <= CALLS * LONGEST_SENTENCE, "one sentence a report"
        asked = sum("您看办得怎么样" in text for user in workers for text in day.told[user])
        assert sum(tally.pressed for tally in workers.values()) <= CALLS + asked, "one press a report, one a verdict"
        assert max(n for case, n in day.presses_of_case.items() if case) <= 3, "a case costs its unit three presses"
        [officer] = day.of_role(Role.STREET_OFFICER, of=STREET).values()
        assert officer.pressed <= 4 and officer.typed == 0, shown
        assert officer.private <= 4, day.told
        for role in (Role.DEPARTMENT_LEADER, Role.DISTRICT_LEADER):
            for user, tally in day.of_role(role).items():
                assert tally.private <= 1, day.told[user]
        hub = next(chat for chat, (kind, _, _) in day.groups.items() if kind == "hub")
        assert not any("街道还没启动" in text for text in day.world.said(hub)), "no call waited until the hub was asked"
        sent = [len(day.told[user]) for user in workers]
        assert max(sent) <= CALLS, "nobody in the street was told more in private than he has reports"
