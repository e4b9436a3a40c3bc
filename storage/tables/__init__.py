"""The schema by area; importing this package makes `metadata` complete."""

from __future__ import annotations

from storage.tables import boards as boards
from storage.tables import duties as duties
from storage.tables import history as history
from storage.tables import lists as lists
from storage.tables import matters as matters
from storage.tables import meetings as meetings
from storage.tables import messages as messages
from storage.tables import people as people
from storage.tables import referrals as referrals
from storage.tables import rulings as rulings
from storage.tables import situations as situations
from storage.tables import street_calls as street_calls
from storage.tables import waiting as waiting
from storage.tables.base import metadata as metadata
