"""Small pictures: what Chromium took, with 256 colours instead of all."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
RGB, INDEXED = 2, 3


def with_palette(png: bytes) -> bytes:
    """The same picture; colours that are rare become the nearest of those that are not.

    Takes what Chromium makes: eight bits, red, green and blue, not interlaced.
    """
    chunks = list(_chunks(png))
    width, height, depth, kind, *_ = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, kind) == (8, RGB)
    raw = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    rows = [_pixels(row) for row in _rows(raw, width * 3, height)]
    counted = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    place = {colour: n for n, colour in enumerate(palette)}
    for colour in counted.keys() - place.keys():
        place[colour] = min(range(len(palette)), key=lambda n: _apart(palette[n], colour))
    lines = b"".join(b"\0" + bytes(place[pixel] for pixel in row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)
    table = bytes(channel for colour in palette for channel in colour)
    parts = {b"IHDR": head, b"PLTE": table, b"IDAT": zlib.compress(lines, 9), b"IEND": b""}
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts.items())


def _pixels(row: bytearray) -> list[tuple[int, int, int]]:
    return list(zip(row[::3], row[1::3], row[2::3], strict=True))


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert png.startswith(SIGNATURE)
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(raw: bytes, stride: int, height: int) -> Iterator[bytearray]:
    """Without the filters that each row of a PNG has."""
    above = bytearray(stride)
    for n in range(height):
        start = n * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        kind = raw[start]
        for at in range(stride) if kind else ():
            left = row[at - 3] if at >= 3 else 0
            corner = above[at - 3] if at >= 3 else 0
            guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
            row[at] = (row[at] + guess[kind]) & 255
        yield row
        above = row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
