"""Several wishes in one message."""

import re

import msgspec

from frontdesk_plugins.offline import answers
from frontdesk_plugins.offline.aims import Aim, aims
from frontdesk_plugins.offline.intents import stems
from frontdesk_plugins.offline.reading import tidy
from frontdesk_plugins.offline.roles import CANCEL, acts, for_aim
from frontdesk_plugins.offline.state import Talk

_SEAM = re.compile(r"(?<=[.!?;])\s+|\s*,?\s*\b(?:and|also|then|plus|oh)\b\s+|\s*,\s+")
_TAKEN_BACK = re.compile(r"(?:oh |sorry |ah )*(?:no|wait|actually|sorry|oops|hang on)\W*")
_LACKS = re.compile(r"(?i)(?:no|not|without|but no|i have no)\s+(?!problem)")
""" "No insurance": it belongs to the wish beside it."""
_MOST = 4


class _Piece(msgspec.Struct):
    text: str
    aim: Aim | None
    acts: bool


def split(talk: Talk, text: str) -> list[str]:
    """The wishes one by one, those that only want to know something first. Mostly just one."""
    plain = tidy(text)
    groups: list[_Piece] = []
    lead = ""
    for start, end in _spans(plain):
        piece = _piece(talk, plain[start:end])
        if groups and _TAKEN_BACK.fullmatch(plain[start:end]) and _is_new_sentence(plain, start):
            lead = plain[start:end] + ", "  # "No, make that three" begins with it
            continue
        if piece.aim and not (groups and groups[-1].aim == piece.aim):
            groups.append(msgspec.structs.replace(piece, text=lead + piece.text))
            lead = ""
        elif groups:
            groups[-1].text += plain[_seam_before(plain, start) : end]
        else:
            lead += plain[start:end] + " "
    if not 1 < len(groups) <= _MOST or any(group.aim == CANCEL for group in groups):
        return [text]  # whatever else is said of an order that is to be cancelled
    return [one.text.strip(" ,") for one in sorted(groups, key=lambda one: one.acts)]


def _is_new_sentence(plain: str, start: int) -> bool:
    return plain[:start].rstrip()[-1:] in ".!?;"


def _spans(plain: str) -> list[tuple[int, int]]:
    cuts = [match.span() for match in _SEAM.finditer(plain)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(plain)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _seam_before(plain: str, start: int) -> int:
    """Where the seam in front of a piece begins, so that it stays in the joined text."""
    ends = [match.start() for match in _SEAM.finditer(plain) if match.end() == start]
    return ends[0] if ends else start


def _piece(talk: Talk, text: str) -> _Piece:
    """A piece with the aim that it has by itself: one with a tool, or with an answer at hand."""
    if len(stems(text)) == 0 or _LACKS.match(text):
        return _Piece(text, None, acts=False)
    found = aims(text, talk.request.business)
    tools = for_aim(talk.usable, found[0]) if found else []
    if found and tools and len(text.split()) > 2:
        return _Piece(text, found[0], acts=acts(tools[0]))
    score, _ = answers.known(text, talk.request.business)
    if score >= answers.CLEAR:
        return _Piece(text, Aim("find", "question"), acts=False)
    return _Piece(text, None, acts=False)
