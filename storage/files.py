"""Pictures and files on disk, each under the SHA-256 of its bytes, so that none is stored twice or changed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileCount:
    """How many files there are and their size in bytes."""

    files: int
    size: int


class FileStore:
    """Files below `root`, in folders by the first two digits of their digest."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, content: bytes) -> str:
        """Stores the bytes, whole or not at all; their digest."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, digest: str) -> bytes | None:
        """The bytes; None if they are not here. Raises `ValueError` if they no longer fit their digest."""
        return await asyncio.to_thread(self._get, digest)

    async def has(self, digest: str) -> bool:
        """Whether the bytes are here."""
        return await asyncio.to_thread(self._path(digest).is_file)

    async def remove(self, digest: str) -> bool:
        """Whether they were here and are gone now."""
        return await asyncio.to_thread(self._remove, digest)

    async def count(self) -> FileCount:
        """Everything that is stored."""
        return await asyncio.to_thread(self._count)

    async def copy_to(self, folder: Path) -> FileCount:
        """Copies what is not there yet; everything that is there afterwards."""
        return await asyncio.to_thread(self._copy_to, folder)

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256 digest: {digest!r}")
        return self.root / digest[:2] / digest

    def _put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
        return digest

    def _get(self, digest: str) -> bytes | None:
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"the file {digest} has been changed")
        return content

    def _remove(self, digest: str) -> bool:
        try:
            self._path(digest).unlink()
        except FileNotFoundError:
            return False
        return True

    def _all(self) -> list[Path]:
        return [path for path in self.root.glob("??/*") if _DIGEST.fullmatch(path.name)]

    def _count(self) -> FileCount:
        sizes = [path.stat().st_size for path in self._all()]
        return FileCount(len(sizes), sum(sizes))

    def _copy_to(self, folder: Path) -> FileCount:
        copy = FileStore(folder)
        for path in self._all():
            target = copy._path(path.name)
            if not target.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                half = target.with_suffix(".half")
                shutil.copyfile(path, half)
                half.replace(target)
        return copy._count()


def _write_whole(path: Path, content: bytes) -> None:
    """A reader sees all of it or nothing, also after a power cut."""
    descriptor, half = tempfile.mkstemp(dir=path.parent, suffix=".half")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
