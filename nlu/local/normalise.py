"""One spelling for what means the same to a classifier: width, case, numbers, codes, mentions, links."""

from __future__ import annotations

import re
import unicodedata

_LINK = re.compile(r"https?://\S+|www\.\S+")
_MENTION = re.compile(r"@[^\s@,，。：:！!？?]{1,24}")
_CODE = re.compile(r"\bjl-?\d{8}-?\d{3,5}\b")
_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """The text as the classifier sees it; not for showing, and offsets are not kept."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _LINK.sub("链接", plain)
    plain = _CODE.sub("单号0", plain)
    plain = _MENTION.sub("@", plain)
    plain = _NUMBER.sub("0", plain)
    return _SPACE.sub(" ", plain).strip()
