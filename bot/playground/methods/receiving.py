"""The methods by which the bot gets its updates."""

from __future__ import annotations

import re

from bot.playground.errors import ApiError, bad_request
from bot.playground.model import Json
from bot.playground.params import Params
from bot.playground.webhook import Target
from bot.playground.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LONGEST_POLL_SECONDS = 50
_MOST_UPDATES = 100
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


async def get_updates(world: World, params: Params) -> list[Json]:
    """getUpdates: confirms below the offset, remembers the wished kinds, waits for the first update."""
    if world.webhook.target is not None and world.rules.single_poller:
        raise ApiError(409, _WEBHOOK_ACTIVE)
    world.updates.confirm_below(params.integer("offset") or 0)
    world.updates.allow(_kinds(params))
    limit = min(max(params.integer("limit") or _MOST_UPDATES, 1), _MOST_UPDATES)
    timeout = min(max(params.integer("timeout") or 0, 0), _LONGEST_POLL_SECONDS)
    return await world.updates.poll(limit, timeout, single=world.rules.single_poller)


async def set_webhook(world: World, params: Params) -> bool:
    """setWebhook; plain http is taken unless the rule says otherwise. An empty address removes it."""
    url = params.text("url")
    secret = params.text("secret_token")
    if not url:
        return await delete_webhook(world, params)
    if world.rules.https_webhook and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.match(r"https?://[^\s/]+", url):
        raise bad_request("bad webhook: Wrong HTTP URL")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    world.updates.allow(_kinds(params))
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    connections = params.integer("max_connections") or 40
    world.webhook.start(Target(url, secret, connections), world.rules.webhook_retry_seconds)
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    """deleteWebhook."""
    world.webhook.stop()
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


async def get_webhook_info(world: World, params: Params) -> Json:
    """getWebhookInfo."""
    target, allowed = world.webhook.target, world.updates.allowed
    info: Json = {
        "url": target.url if target else "",
        "has_custom_certificate": False,
        "pending_update_count": world.updates.pending,
    }
    if target is not None:
        info["max_connections"] = target.max_connections
    if allowed is not None:
        info["allowed_updates"] = sorted(allowed)
    if world.webhook.last_error:
        info |= {"last_error_date": world.webhook.last_error_at, "last_error_message": world.webhook.last_error}
    return info


def _kinds(params: Params) -> list[str] | None:
    kinds = params.json("allowed_updates")
    if kinds is None:
        return None
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed_updates: expected an Array of Strings")
    return [str(kind) for kind in kinds]
