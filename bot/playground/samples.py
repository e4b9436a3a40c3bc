"""Built-in pictures to send: drawn, so that no photograph of a real place is shipped."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Callable
from typing import TypeAlias

from bot.playground.errors import PlaygroundError

Colour: TypeAlias = tuple[int, int, int]
Paint: TypeAlias = Callable[[float, float], Colour | None]

_WIDTH, _HEIGHT = 480, 360


def _ellipse(centre: tuple[float, float], radii: tuple[float, float], colour: Colour) -> Paint:
    def paint(x: float, y: float) -> Colour | None:
        inside = ((x - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 <= 1
        return colour if inside else None

    return paint


def _box(left: float, top: float, right: float, bottom: float, colour: Colour) -> Paint:
    return lambda x, y: colour if left <= x <= right and top <= y <= bottom else None


_ROAD = [_box(0, 0.36, 1, 1, (116, 120, 124)), _box(0, 0.34, 1, 0.38, (170, 172, 170))]
_SKY: Colour = (196, 214, 226)
_NIGHT: Colour = (38, 44, 66)
_SCENES: dict[str, tuple[Colour, list[Paint]]] = {
    "井盖": (
        _SKY,
        [
            *_ROAD,
            _ellipse((0.5, 0.70), (0.25, 0.18), (84, 86, 88)),
            _ellipse((0.5, 0.70), (0.21, 0.15), (22, 22, 26)),
            _ellipse((0.78, 0.80), (0.15, 0.08), (72, 72, 74)),
            _box(0.12, 0.50, 0.16, 0.86, (226, 120, 40)),
            _box(0.08, 0.84, 0.20, 0.88, (226, 120, 40)),
        ],
    ),
    "路灯": (
        _NIGHT,
        [
            _box(0, 0.78, 1, 1, (58, 60, 66)),
            _box(0.47, 0.2, 0.5, 0.9, (120, 124, 130)),
            _box(0.47, 0.18, 0.7, 0.21, (120, 124, 130)),
            _ellipse((0.7, 0.23), (0.06, 0.035), (70, 70, 76)),
            _ellipse((0.88, 0.55), (0.05, 0.07), (240, 208, 120)),
            _box(0.87, 0.6, 0.89, 0.9, (120, 124, 130)),
        ],
    ),
    "垃圾": (
        _SKY,
        [
            *_ROAD,
            _ellipse((0.36, 0.76), (0.2, 0.14), (70, 82, 70)),
            _ellipse((0.56, 0.72), (0.16, 0.17), (48, 50, 54)),
            _ellipse((0.68, 0.80), (0.14, 0.09), (180, 150, 96)),
            _box(0.74, 0.36, 0.92, 0.74, (60, 128, 90)),
            _box(0.72, 0.32, 0.94, 0.38, (44, 104, 72)),
        ],
    ),
    "积水": (
        _SKY,
        [
            *_ROAD,
            _ellipse((0.48, 0.74), (0.4, 0.16), (120, 150, 172)),
            _ellipse((0.42, 0.72), (0.26, 0.07), (166, 192, 208)),
            _box(0.84, 0.3, 0.9, 0.62, (150, 96, 70)),
        ],
    ),
    "修好": (
        _SKY,
        [
            *_ROAD,
            _ellipse((0.5, 0.70), (0.25, 0.18), (84, 86, 88)),
            _ellipse((0.5, 0.70), (0.21, 0.15), (64, 66, 70)),
            _box(0.36, 0.69, 0.64, 0.71, (96, 98, 102)),
            _box(0.49, 0.58, 0.51, 0.82, (96, 98, 102)),
        ],
    ),
}

NAMES = tuple(_SCENES)


@functools.cache
def picture(name: str) -> bytes:
    """A PNG by its name; refuses an unknown one."""
    if name not in _SCENES:
        raise PlaygroundError(f"no sample picture {name!r}; there are {'、'.join(NAMES)}")
    ground, paints = _SCENES[name]
    rows = b"".join(_row(ground, paints, y) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")
    )


def _row(ground: Colour, paints: list[Paint], y: int) -> bytes:
    line = bytearray([0])
    for x in range(_WIDTH):
        colour = ground
        for paint in paints:
            colour = paint(x / _WIDTH, y / _HEIGHT) or colour
        line += bytes(colour)
    return bytes(line)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
