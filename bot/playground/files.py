"""Files that were uploaded, and what can be read off their first bytes."""

from __future__ import annotations

import itertools
import secrets
import struct
from dataclasses import replace

from bot.playground.model import StoredFile

UNKNOWN_SIZE = (1280, 960)


class Files:
    """All bytes of the playground by file id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._numbers = itertools.count(1)

    def keep(self, content: bytes, name: str, mime: str) -> StoredFile:
        """A new file; two uploads of the same bytes are two files, as in Telegram."""
        number = next(self._numbers)
        width, height = image_size(content)
        file = StoredFile(
            file_id=f"PG{number:05d}{secrets.token_urlsafe(18)}",
            unique_id=f"AQ{number:05d}{secrets.token_hex(4)}",
            content=content,
            name=name,
            mime=mime,
            width=width,
            height=height,
        )
        self._by_id[file.file_id] = file
        return file

    def named(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def thumbnail(self, file: StoredFile) -> StoredFile:
        """The smaller size of a photo: ids and measures of its own, the same bytes (nothing is scaled here)."""
        file_id = f"{file.file_id}s"
        if file_id not in self._by_id:
            scale = 320 / max(file.width, file.height, 320)
            width, height = max(1, round(file.width * scale)), max(1, round(file.height * scale))
            small = replace(file, file_id=file_id, unique_id=f"{file.unique_id}s", width=width, height=height)
            self._by_id[file_id] = small
        return self._by_id[file_id]


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG in pixels; a usual size where it is something else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:4] == b"GIF8" and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    if content[:2] == b"\xff\xd8":
        return _jpeg_size(content)
    return UNKNOWN_SIZE


def _jpeg_size(content: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return int(width), int(height)
        (length,) = struct.unpack(">H", content[position + 2 : position + 4])
        position += 2 + int(length)
    return UNKNOWN_SIZE
