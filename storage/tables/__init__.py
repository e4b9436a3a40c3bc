"""The schema by area; importing this package makes `metadata` complete."""

from __future__ import annotations

from storage.tables import history, lists, matters, messages, people, referrals, street_calls, waiting
from storage.tables.base import metadata

__all__ = ["history", "lists", "matters", "messages", "metadata", "people", "referrals", "street_calls", "waiting"]
from storage.tables import meetings

__all__ = ["history", "lists", "matters", "meetings", "messages", "metadata", "people"]
from storage.tables import rulings

__all__ = ["history", "lists", "matters", "messages", "metadata", "people", "rulings", "waiting"]
