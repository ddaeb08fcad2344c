"""Slips of the keyboard in the few words that dates, times and counts hang on: "satuday"."""

import re
from functools import cache

_WORDS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "august", "september", "october", "november", "december",
    "tomorrow", "tonight", "people", "quarter", "evening", "afternoon", "morning", "weekend",
    "fortnight", "christmas", "midnight",
)  # fmt: skip
_HEARD = {
    "satarday": "saturday", "saterday": "saturday", "satirday": "saturday", "sataday": "saturday",
    "satday": "saturday", "wensday": "wednesday", "wendsday": "wednesday",
    "wenesday": "wednesday", "wednessday": "wednesday", "wedsday": "wednesday",
    "teusday": "tuesday", "chewsday": "tuesday", "thersday": "thursday", "thirsday": "thursday",
    "tommorow": "tomorrow", "tommorrow": "tomorrow", "tommoro": "tomorrow",
    "tommorro": "tomorrow", "tomorro": "tomorrow", "tomoro": "tomorrow", "tomoz": "tomorrow",
    "tomos": "tomorrow", "tomarrow": "tomorrow", "tmoro": "tomorrow", "tmorrow": "tomorrow",
    "tmrrw": "tomorrow", "tmrow": "tomorrow", "tmro": "tomorrow", "tmrw": "tomorrow",
    "tmw": "tomorrow", "tmr": "tomorrow", "2morrow": "tomorrow", "2morow": "tomorrow",
    "2moro": "tomorrow", "2mora": "tomorrow", "2moz": "tomorrow", "2mrw": "tomorrow",
    "2mrrw": "tomorrow", "tonite": "tonight", "tonyt": "tonight", "toniht": "tonight",
    "tonigth": "tonight", "2nite": "tonight", "2night": "tonight", "2nyt": "tonight",
    "2nigth": "tonight", "2day": "today", "tdy": "today", "todya": "today", "todat": "today",
    "todday": "today", "nite": "night", "yday": "yesterday", "janurary": "january",
    "januray": "january", "febuary": "february", "feburary": "february", "setember": "september",
    "ocotber": "october", "novemeber": "november", "decemeber": "december",
    "desember": "december", "deceber": "december", "apirl": "april", "aprl": "april",
    "arpil": "april", "marhc": "march", "agust": "august", "peeple": "people",
    "ppeople": "people", "pepl": "people", "peope": "people", "kwarter": "quarter",
    "qtr": "quarter", "qrtr": "quarter", "quater": "quarter", "forteen": "fourteen",
    "fiveteen": "fifteen", "fourty": "forty", "fuor": "four", "fvie": "five", "sxi": "six",
    "sevn": "seven", "eigth": "eight", "eigt": "eight", "eght": "eight", "nien": "nine",
    "elevn": "eleven", "tweleve": "twelve", "twelv": "twelve", "twleve": "twelve",
    "twelth": "twelfth", "twelveth": "twelfth", "fith": "fifth", "nineth": "ninth",
    "eigthth": "eighth", "eightth": "eighth", "fourtenth": "fourteenth", "twentith": "twentieth",
    "thirtith": "thirtieth", "middday": "midday", "hlaf": "half", "halfpast": "half past",
    "xmass": "xmas", "chrismas": "christmas", "guets": "guests", "adutls": "adults",
    "adluts": "adults", "childern": "children", "chidren": "children",
}  # fmt: skip
"""Written as they sound, or more than one slip away."""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_OTHER = {"sunay"}
"""Names."""
_TOKEN = re.compile(r"(?<![\w'@.-])[^\W_]{3,12}(?!\w|@|'(?!s\b)|[.-]\w)")


def corrected(text: str) -> str:
    """The text with those words as they should be spelt. Everything else stays as typed."""
    return _TOKEN.sub(_right, text)


def _right(match: re.Match[str]) -> str:
    typed = match[0]
    word = _slips().get(typed.lower())
    if word is None:
        return typed
    return word.upper() if typed.isupper() else word.title() if typed.istitle() else word


@cache
def _slips() -> dict[str, str]:
    """Every form that is one slip away: a letter missing, doubled, swapped, or the key beside it.
    The first letter and the last are right, but for a swap."""
    found: dict[str, str] = {}
    for word in _WORDS:
        for n in range(1, len(word)):
            swapped = word[: n - 1] + word[n] + word[n - 1] + word[n + 1 :]
            forms = [swapped, word[:n] + word[n] + word[n:]]
            if n < len(word) - 1:
                forms.append(word[:n] + word[n + 1 :])
                forms += [word[:n] + key + word[n + 1 :] for key in _beside(word[n])]
            found |= {form: word for form in forms if form not in _WORDS}
    found |= _HEARD
    return {form: word for form, word in found.items() if form not in _OTHER}


def _beside(letter: str) -> str:
    row = next(row for row in _KEYS if letter in row)
    at = row.index(letter)
    return row[max(0, at - 1) : at] + row[at + 1 : at + 2]
