"""A person's name."""

import re
from collections.abc import Set
from functools import cache

from frontdesk_plugins.offline import holidays, words
from frontdesk_plugins.offline.name_words import (
    ADJECTIVES,
    AFTER_NAMES,
    NOT_NAMES,
    OCCASIONS,
    PARTICLES,
)
from frontdesk_plugins.offline.reading import BLANK, Found, any_of

_WORD = r"[^\W\d_](?:[^\W\d_]|['.\-])*"
_TITLES = ("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx", "madam", "lady", "lord", "rev")
_DAYS = words.WEEKDAYS.keys() | set(words.TODAY) | set(words.TOMORROW)
_NONE = (
    words.YES | words.NO | words.GREETINGS | words.THANKS | _DAYS | words.UNITS.keys()
    | words.TEENS.keys() | words.TENS.keys() | set(words.QUESTION_STARTS) | NOT_NAMES
) - {"will", "may", "day"}  # fmt: skip
_NO_PART = _NONE | AFTER_NAMES | ADJECTIVES


@cache
def _said() -> re.Pattern[str]:
    lead = (
        r"(?:my|the|his|her|their|booking|full|contact|last|first|family|sur)?\s*\b(?:sur)?names?"
        r"(?:\s+(?:for|on) the (?:booking|reservation|table))?"
        r"(?:\s+is|'s|\s+will be|\s+should be|\s*:|\s*=|\s+of|\s+to)?"
        r"|\bunder(?: the name(?: of)?)?|\bin the name of|\bcalls? me|\bi go by"
        r"|\bon behalf of|\bthis is|\bi am called|\bit's for|\bi'm|\bi am|\bim"
    )
    title = rf"(?:{any_of(_TITLES)}\.?\s+)?"
    return re.compile(
        rf"(?:{lead})\s+(?P<name>{title}{_WORD}(?:\s+{_WORD}){{0,4}})"
        rf"(?P<comma>,\s*{_WORD}(?:\s+{_WORD}){{0,2}}(?=[\s.!]*$))?"
    )


_FIRST_LAST = re.compile(
    rf"(?i)(?:^|\bfirst name(?: is|'s|:)?\s+)(?P<first>{_WORD})\W+(?:and\s+)?(?:my\s+)?"
    rf"(?:last name|surname|family name)(?: is|'s|:)?\s+(?P<last>{_WORD})"
)


def said(text: str, original: str) -> Found | None:
    """A name with a word that announces it: "my name is Zoe". `text` is in lower case, both without
    what was understood otherwise."""
    both = _FIRST_LAST.search(original)
    if both:
        name = f"{proper(both['first'])} {proper(both['last'])}"
        return Found(both.start("first"), both.end("last"), (name,))
    # "This is Zoe calling on behalf of Mr Smith": the later counts.
    for match in _said().finditer(text, max(0, text.find("on behalf of"))):
        start = match.start("name")
        if match[0].startswith("under ") and original[start].islower() and "?" in text:
            # "Is it under construction?"
            continue
        weak = not re.search(r"name|under|call|go by", match[0][: start - match.start()])
        if match["comma"] and not weak:
            swapped = _swapped(original[start : match.end()], start)
            if swapped:
                return swapped
        found = _cut(original[start : match.end("name")], start, strict=weak)
        if found:
            return found
    return None


def _swapped(piece: str, start: int) -> Found | None:
    """ "Smith, John" is John Smith; "Bond, James Bond" says the last name first too."""
    last, _, first = (part.strip(" .!") for part in piece.partition(","))
    lows = {word.lower().strip(".'") for word in f"{last} {first}".split()}
    if not last or not first or lows & _NO_PART or re.fullmatch(r"\w(?:[-. ]\w)+", first):
        return None
    if first.lower().endswith(last.lower()):
        name = proper(first)
    elif " " in first:
        return None
    else:
        name = f"{proper(first)} {proper(last)}"
    return Found(start, start + len(piece), (name,))


def _cut(piece: str, start: int, *, strict: bool, banned: Set[str] = _NONE) -> Found | None:
    """The words of a name up to the first that cannot belong to it."""
    kept: list[str] = []
    for word in _TAIL.sub("", piece).split():
        low = word.lower().strip(".,'")
        if low in AFTER_NAMES or (low in banned and (not kept or strict)):
            break
        if strict and not kept and low in ADJECTIVES:
            break
        kept.append(word)
        if re.fullmatch(r"[^\W\d_]{3,}\.", word) and low not in _TITLES:
            # The end of a sentence.
            break
    # After "I'm" a word in lower case is more often no name: "I'm gluten intolerant".
    if not kept or (strict and (len(kept) > 3 or not kept[0][0].isupper())):
        return None
    if len(kept) == 1 and kept[0].lower().strip(".") in _TITLES:
        return None
    text = " ".join(kept).rstrip(".,-'")
    return Found(start, start + len(piece), (proper(text),), weak=strict) if text else None


_TAIL = re.compile(
    r"(?:(?i:\s+(?:will|would|should)\s+(?:do|be|work|suffice)\b"
    r"|(?:'s|\s+is|\s+works|\s+was)\s+(?:fine|ok|okay|good|great|mine|it|my\b.*name)\b"
    r"|\s+for the (?:name|booking|reservation|table)\b|\s+(?:i guess|i think|i suppose)\b"
    r"|\s+(?:spelled|spelt|as in|with an?|btw|innit|lol|haha)\b"
    r"|\s+(?:family|party|group|crew|household)\b)|\s+x{1,4}\b).*$"
)
"""What people say after their name."""


@cache
def _polite() -> re.Pattern[str]:
    """What people put before the name they give."""
    lead = (
        "yes", "sure", "ok", "okay", "hi", "hello", "of course", "yeah", "well", "oh", "no",
        "it's", "its", "it is", "put", "please", "that's", "that would be", "i'm", "i am",
        "this is", "for", "just", "use", "under", "thanks", "then", "no problem", "say",
        "you can", "make it", "you could", "could you", "um", "uh", "er", "hmm", "sorry", "the",
        "table for", "a table for", "that'll be", "put down", "put me down as", "put it down as",
        "put us down as", "call it", "let's go with", "lets go with", "probably", "i think",
        "i guess", "i think it's", "hiya", "hey", "it's under", "that is", "it would be",
        "itd be", "name", "booking for", "reservation for", "it will be", "it'll be", "so",
        "book it for", "try",
    )  # fmt: skip
    return re.compile(rf"(?i)^\W*(?:{any_of(lead)}\b[\s,.!:]*)+")


_CORRECTS = re.compile(r"(?i)\W*(?:no|sorry|actually|i mean|wait|make that|oops)\b[\s,]*")


_THANKS = re.compile(r"(?i)[\s,.!]*(?:please|pls|thanks)?\W*$")
_LONGEST = 80
"""Characters of "Smith, John, please"."""


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
    plain = _polite().sub("", original)
    if BLANK not in plain and len(plain) <= _LONGEST:
        swapped = _swapped(_THANKS.sub("", plain), 0)
        if swapped:
            return swapped
    for sentence in re.split(
        r"[!\n]|(?<=\w{4})(?<!Prof)(?<!prof)\.\s", re.sub(rf"{BLANK}+", " , ", original)
    ):
        parts = re.split(r"[,;/()]|\s-\s", sentence)
        pieces = [_polite().sub("", piece).strip() for piece in parts]
        names = [_whole(piece) for piece in pieces]
        found = next((one for one in names if one), None)
        later = [n for n, part in enumerate(parts) if _CORRECTS.match(part) and any(names[:n])]
        if later:
            # "Zoe, no, Tom".
            found = next((one for one in names[later[0] :] if one), None)
        if found or later or any(len(piece.split()) > 3 for piece in pieces):
            # After a sentence about something else comes no name.
            return found
    return None


def _whole(piece: str) -> Found | None:
    """A part of an answer that is a name, or begins with one."""
    tokens = _TAIL.sub("", piece.rstrip(".")).split()
    if not 1 <= len(tokens) <= 5 or not all(re.fullmatch(_WORD, token) for token in tokens):
        tokens = _leading(tokens)
    lows = {token.lower().strip(".'") for token in tokens}
    banned = _NONE
    if is_full("".join(tokens[:1]), *tokens[1:]):
        banned = _NONE - words.WEEKDAYS.keys()
    titled = len(tokens) > 1 and all(re.match(r"[^\W\d_a-z][^A-Z]", token) for token in tokens)
    if titled:
        # "Cora Cancel": the second may be any word.
        lows = {tokens[0].lower().strip(".'")}
    if not tokens or lows & (banned - AFTER_NAMES):
        return None
    return _cut(" ".join(tokens), 0, strict=False, banned=banned)


def is_full(first: str, *others: str) -> bool:
    """ "Wednesday Addams", "Mr Friday": a day with another name or a title beside it is a name."""
    if len(others) != 1 or not others[0][0].isupper() or not first[:1].isupper():
        return False
    low, lead = others[0].lower(), first.lower().strip(".")
    titled = lead in _TITLES
    if low in holidays.NAMES:  # "Ed Nye", but not "Boxing Day", "On Nye"
        ordinary = words.STOPWORDS | words.FILLER | words.YES | {"next", "last"}
        return titled or not (lead in _NOT_FULL or lead in ordinary)
    return titled or not (low in _NOT_FULL or low in words.SHORT_WEEKDAYS)


_CAPITAL = r"[^\W\d_a-z](?:[^\W\d_]|['.\-])*"
_FULL = rf"{_CAPITAL}(?:[ ]{_CAPITAL}){{0,3}}"
_BESIDE = re.compile(
    rf"(?:^|[,;\n{BLANK}(]|\b[Ff]or\b)\s*(?P<name>{_FULL})[\s,;:(\-]*(?:on |at |tel |phone )?{BLANK}"
)
_AFTER = re.compile(rf"{BLANK}[\s,;\-]*(?P<name>{_FULL})\s*(?:[,;.\n)]|$)")
_HERE = re.compile(rf"(?:(?i:hi|hello|hey|hiya)\b[ ,!]*)?(?P<name>{_FULL}) here\b")
_FOR = re.compile(
    r"\b(?:(?P<what>(?i:reservation|booking|table)) )?[Ff]or "
    rf"(?P<name>{_FULL})(?=\s*(?:[,.;!?\n(){BLANK}]|$| and\b| on\b| at\b))"
)
_LOW_FOR = re.compile(rf"{BLANK}\s*for (?P<name>[^\W\d_]{{2,}}(?: [^\W\d_]{{2,}}){{1,2}})[ .!]*$")
"""After a reference: "cancel AB12-CD34 for cora smith"."""
_OCCASIONS = (
    words.DAYPARTS.keys() | words.MONTHS.keys() | set(words.PEOPLE) | words.RELATIONS.keys()
    | words.PEOPLE_FIELDS | set(words.OTHER_UNITS) | OCCASIONS | holidays.NAMES
)  # fmt: skip
_NOT_FULL = _NONE | AFTER_NAMES | _OCCASIONS


def passing(
    original: str, *, phone: Found | None = None, code: Found | None = None
) -> Found | None:
    """A name without a word that announces it: beside the telephone number, or after "for"."""
    matches: list[re.Match[str]] = []
    if phone:
        beside = [*_BESIDE.finditer(original, 0, phone.start + 1)]
        beside += [one for one in [_AFTER.match(original, phone.end - 1)] if one]
        matches += [one for one in beside if _touches(one, phone)]
    matches += [one for one in _FOR.finditer(original) if code or one["what"] or " " in one["name"]]
    matches += [one for one in [_HERE.match(original)] if one]
    matches += [one for one in [_LOW_FOR.search(original)] if one and code]
    for match in matches:
        lows = {word.lower().strip(".,'").removesuffix("'s") for word in match["name"].split()}
        if not lows & _NOT_FULL:
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
        if not re.fullmatch(_WORD, token) or token.lower() in AFTER_NAMES:
            break
        kept.append(token)
    return kept if len(kept) <= 4 else []


def proper(name: str) -> str:
    """Capitals for a name typed without any; otherwise as the customer writes it."""
    if name != name.lower():
        return name
    parts = name.split(" ")
    return " ".join(
        part if part in PARTICLES and n else re.sub(
            r"(^|['\-.])([^\W\d_])", lambda match: match[1] + match[2].upper(), part
        )
        for n, part in enumerate(parts)
    )  # fmt: skip
