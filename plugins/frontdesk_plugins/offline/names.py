"""A person's name."""

import re
from functools import cache

from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.reading import BLANK, Found, any_of

_WORD = r"[^\W\d_](?:[^\W\d_]|['.\-])*"
_TITLES = ("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx")
_NOT_NAMES = (
    words.YES | words.NO | words.GREETINGS | words.THANKS | set(words.TODAY) | set(words.TOMORROW)
    | words.WEEKDAYS.keys() | words.UNITS.keys() | words.TEENS.keys() | words.TENS.keys()
    | set(words.QUESTION_STARTS) | words.NOT_NAMES
) - {"will", "may", "day"}  # fmt: skip


@cache
def _said() -> re.Pattern[str]:
    lead = (
        r"(?:my|the|his|her|their|booking|full|contact)?\s*\bnames?"
        r"(?:\s+is|'s|\s+will be|\s+should be|\s*:|\s*=|\s+of|\s+to)?"
        r"|\bunder(?: the name(?: of)?)?|\bin the name of|\bcall me"
        r"|\bthis is|\bi am called|\bit's for|\bi'm|\bi am|\bim"
    )
    return re.compile(
        rf"(?:{lead})\s+(?:{any_of(_TITLES)}\.?\s+)?(?P<name>{_WORD}(?:\s+{_WORD}){{0,4}})"
    )


def said(text: str, original: str) -> Found | None:
    """A name with a word that announces it: "my name is Zoe". `text` is in lower case, both without
    what was understood otherwise."""
    for match in _said().finditer(text):
        start = match.start("name")
        weak = not re.search(r"name|under|call", match[0][: start - match.start()])
        found = _cut(original[start : match.end()], start, strict=weak)
        if found:
            return found
    return None


def _cut(piece: str, start: int, *, strict: bool) -> Found | None:
    """The words of a name up to the first that cannot belong to it."""
    kept: list[str] = []
    for word in piece.split():
        low = word.lower().strip(".,'")
        if low in words.AFTER_NAMES or (low in _NOT_NAMES and (not kept or strict)):
            break
        kept.append(word)
    # After "I'm" a word in lower case is more often no name: "I'm gluten intolerant".
    if not kept or (strict and (len(kept) > 3 or not kept[0][0].isupper())):
        return None
    text = " ".join(kept).rstrip(".,-'")
    return Found(start, start + len(piece), (proper(text),), weak=strict) if text else None


@cache
def _polite() -> re.Pattern[str]:
    """What people put before the name they give."""
    lead = (
        "yes", "sure", "ok", "okay", "hi", "hello", "of course", "yeah", "well", "oh", "no", "it's",
        "its", "it is", "put", "please", "that's", "that would be", "i'm", "i am", "this is", "for",
        "just", "use", "under", "thanks", "then", "no problem", "say", "you can", "make it",
    )  # fmt: skip
    return re.compile(rf"(?i)^\W*(?:{any_of(lead)}\b[\s,.!:]*)+")


def answer(text: str, original: str) -> Found | None:
    """The name in an answer to "what name?": what is left when the rest was understood."""
    found = said(text, original)
    if found:
        return found
    if "?" in text or "@" in text:
        return None
    original = re.sub(r"[:;]-?[)(DPp|]+(?!\w)", lambda face: BLANK * len(face[0]), original)
    head, _, rest = original.partition(":")
    if re.search(r"[^\W\d_]", rest) and re.fullmatch(rf"[^,{BLANK}]+", _polite().sub("", head)):
        # "Repeat after me: ..." is no name.
        return None
    for sentence in re.split(r"[!\n]|(?<=\w{4})\.\s", original.replace(BLANK, " , ")):
        pieces = [
            _polite().sub("", piece).strip() for piece in re.split(r"[,;/()]|\s-\s", sentence)
        ]
        found = next((one for piece in pieces if (one := _whole(piece))), None)
        if found or any(len(piece.split()) > 3 for piece in pieces):
            # After a sentence about something else comes no name.
            return found
    return None


def _whole(piece: str) -> Found | None:
    """A part of an answer that is a name, or begins with one."""
    tokens = piece.rstrip(".").split()
    if not 1 <= len(tokens) <= 5 or not all(re.fullmatch(_WORD, token) for token in tokens):
        tokens = _leading(tokens)
    lows = {token.lower().strip(".'") for token in tokens}
    if not tokens or lows & (_NOT_NAMES - words.AFTER_NAMES):
        return None
    return _cut(" ".join(tokens), 0, strict=False)


_CAPITAL = r"[^\W\d_a-z](?:[^\W\d_]|['.\-])*"
_FULL = rf"{_CAPITAL}(?:[ ]{_CAPITAL}){{0,3}}"
_BESIDE = re.compile(
    rf"(?:^|[,;\n{BLANK}(]|\b[Ff]or\b)\s*(?P<name>{_FULL})[\s,;:(\-]*(?:on |at |tel |phone )?{BLANK}"
)
_AFTER = re.compile(rf"{BLANK}[\s,;\-]*(?P<name>{_FULL})\s*(?:[,;.\n)]|$)")
_FOR = re.compile(rf"\b[Ff]or (?P<name>{_FULL})(?=\s*(?:[,.;!?\n(){BLANK}]|$| and\b| on\b| at\b))")
_LOW_FOR = re.compile(rf"{BLANK}\s*for (?P<name>[^\W\d_]{{2,}}(?: [^\W\d_]{{2,}}){{1,2}})[ .!]*$")
"""After a reference: "cancel AB12-CD34 for cora smith"."""
_OCCASIONS = (
    words.DAYPARTS.keys() | words.MONTHS.keys() | set(words.PEOPLE) | words.RELATIONS.keys()
    | words.PEOPLE_FIELDS | set(words.OTHER_UNITS) | words.OCCASIONS
    | {part for day in words.HOLIDAYS for part in day.split()}
)  # fmt: skip


def passing(
    original: str, *, phone: Found | None = None, code: Found | None = None
) -> Found | None:
    """A name without a word that announces it: beside the telephone number, or after "for"."""
    matches: list[re.Match[str]] = []
    if phone:
        before, after = (
            _BESIDE.search(original, 0, phone.start + 1),
            _AFTER.match(original, phone.end - 1),
        )
        matches += [one for one in (before, after) if one and _touches(one, phone)]
    matches += [one for one in _FOR.finditer(original) if code or " " in one["name"]]
    matches += [one for one in [_LOW_FOR.search(original)] if one and code]
    for match in matches:
        lows = {word.lower().strip(".,'").removesuffix("'s") for word in match["name"].split()}
        if not lows & (_NOT_NAMES | words.AFTER_NAMES | _OCCASIONS):
            name = proper(match["name"].rstrip(".,-'"))
            return Found(match.start("name"), match.end("name"), (name,), weak=True)
    return None


def _touches(match: re.Match[str], phone: Found) -> bool:
    return match.end() == phone.start + 1 or match.start() == phone.end - 1


def _leading(tokens: list[str]) -> list[str]:
    """The words of a name before the rest of a sentence: "Zoe Smith and my number is"."""
    kept: list[str] = []
    if any(re.search(r"\d", token) for token in tokens):
        return []
    for token in tokens:
        if not re.fullmatch(_WORD, token) or token.lower() in words.AFTER_NAMES:
            break
        kept.append(token)
    return kept if len(kept) <= 4 else []


def proper(name: str) -> str:
    """Capitals for a name typed without any; otherwise as the customer writes it."""
    if name != name.lower():
        return name
    return re.sub(r"(^|[\s'\-.])([^\W\d_])", lambda match: match[1] + match[2].upper(), name)
