"""代: what a secretary (delegate) does for his leader is done by him and recorded so."""

from __future__ import annotations

from bot.domain.people import Actor, Role
from bot.domain.permissions import TABLE, Action, Scope


def acted_as(actor: Actor, action: Action) -> dict[str, object]:
    """`代`: what a secretary did for his leader is recorded so; his own roles go first."""
    may_himself = any(
        grant.role is not Role.DELEGATE and TABLE[grant.role][action] not in {Scope.NONE, Scope.OWN}
        for grant in actor.all_grants()
    )
    return {} if may_himself or not any(g.role is Role.DELEGATE for g in actor.grants) else {"delegate": True}
