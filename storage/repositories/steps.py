"""The steps of ladders that were taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, bindparam, select

from bot.application.records import DueKind, Subject, SubjectKind
from bot.domain.escalation import Taken
from storage.connection import Db, upsert
from storage.tables.waiting import ladder_step

_ROWS = select(ladder_step.c.subject_id, ladder_step.c.step, ladder_step.c.deadline, ladder_step.c.told_at).where(
    ladder_step.c.subject_kind == bindparam("subject_kind"), ladder_step.c.kind == bindparam("kind")
)


@cache
def _take(dialect: str) -> Insert:
    return upsert(dialect, ladder_step).on_conflict_do_nothing()


class SqlSteps:
    """`Steps` over SQL."""

    def __init__(self, db: Db) -> None:
        self._db = db

    async def taken(
        self, kind: DueKind, subject_kind: SubjectKind, rounds: Mapping[int, int]
    ) -> Mapping[int, Sequence[Taken]]:
        found: dict[int, list[Taken]] = {number: [] for number in rounds}
        mine = _ROWS.add_columns(ladder_step.c.round).where(ladder_step.c.subject_id.in_(rounds))
        for row in await self._db.rows(mine, {"subject_kind": subject_kind, "kind": kind}):
            if row.round == rounds[row.subject_id]:
                found[row.subject_id].append(Taken(row.step, row.deadline, row.told_at))
        return found

    async def take(self, kind: DueKind, steps: Collection[tuple[Subject, int, Taken]], *, at: datetime) -> None:
        if not steps:
            return
        rows = [
            {
                "subject_kind": subject.kind,
                "subject_id": subject.id,
                "round": round_,
                "kind": kind,
                "step": taken.step,
                "deadline": taken.deadline,
                "at": at,
                "told_at": taken.told_at,
            }
            for subject, round_, taken in steps
        ]
        await self._db.execute(_take(self._db.dialect), rows)
