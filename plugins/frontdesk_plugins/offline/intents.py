"""What the customer wants: words compared with what each tool says of itself."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from frontdesk import consent
from frontdesk.tools import Tool
from frontdesk_plugins.offline import words
from frontdesk_plugins.offline.english import features
from frontdesk_plugins.offline.reading import any_of, lower, tidy
from frontdesk_plugins.offline.slots import as_dict, as_list

ENOUGH = 0.42
"""Below it nothing was understood."""
CLEAR = 0.62
"""From here on it is more than an answer to our own question."""
TIE = 0.04
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


def stem(word: str) -> str:
    """A word without its ending, or the word that stands for it."""
    if word in words.SYNONYMS:
        return words.SYNONYMS[word]
    word = word.removesuffix("'s")
    for ending, rest in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("ed", ""),
        ("es", "e"),
        ("s", ""),
    ):
        cut = word.removesuffix(ending)
        if cut != word and len(cut) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = cut + rest
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsez":
        word = word[:-1]
    word = word.removesuffix("e") if len(word) > 4 else word
    return words.SYNONYMS.get(word, word)


def stems(text: str, *, keep: bool = False) -> list[str]:
    """The stems of a text; `keep` keeps its small words."""
    return list(_stems(text, keep))


@lru_cache(maxsize=4096)
def _stems(text: str, keep: bool) -> tuple[str, ...]:
    found = _WORD.findall(lower(tidy(text)))
    return tuple(stem(word) for word in found if keep or not _is_small(word))


def _is_small(word: str) -> bool:
    """Too common to tell one wish from another, or part of a date or a number."""
    bare = word.removesuffix("'s")
    return bare in words.STOPWORDS or bare in _NEGATIONS or word in _CALENDAR or word.isdigit()


_CALENDAR = (
    words.WEEKDAYS.keys() | words.MONTHS.keys() | words.UNITS.keys() | words.TEENS.keys()
    | set(words.TOMORROW)
)  # fmt: skip
_NEGATIONS = {"don't", "dont", "can't", "cant", "cannot", "won't", "isn't", "doesn't", "didn't"}
_SMALL = 0.3
"""How much a small word weighs beside others: "my booking" is not "a booking"."""


class _Profile(msgspec.Struct, frozen=True):
    """What a tool says of itself, as sets of stems. Small words are marked."""

    tool: str
    examples: tuple[frozenset[str], ...]
    about: frozenset[str]
    options: tuple[frozenset[str], ...]


def _bag(text: str) -> frozenset[str]:
    found = _WORD.findall(lower(tidy(text)))
    kept = [word for word in found if word not in _CALENDAR and not word.isdigit()]
    bag = {"~" + word if _is_small(word) else stem(word) for word in kept}
    # To book is one thing, an existing booking another.
    return frozenset(bag | {"~(to book)" for word in kept if word in words.BOOKING_VERBS})


def _profile(tool: Tool) -> _Profile:
    first = tool.description.split(".")[0]
    about = frozenset(stems(tool.name.replace("_", " ")) + stems(first))
    options = [frozenset(found) for option in _options(tool) if (found := stems(option))]
    examples = [bag for example in tool.examples if _has_content(bag := _bag(example))]
    return _Profile(tool.name, tuple(examples), about, tuple(options))


def about(tool: Tool) -> frozenset[str]:
    """The stems of its name, of the first sentence about it, and of its examples."""
    examples = [word for example in tool.examples for word in stems(example)]
    return _profile(tool).about | frozenset(examples)


def _options(tool: Tool) -> list[str]:
    properties = as_dict(tool.input_schema.get("properties")).values()
    named = [str(option) for one in properties for option in as_list(as_dict(one).get("enum"))]
    return [one.replace("_", " ") for one in named if one not in {"other", "any", "none"}]


def _has_content(bag: Iterable[str]) -> bool:
    return any(not word.startswith("~") for word in bag)


class _Vocabulary(msgspec.Struct, frozen=True):
    profiles: tuple[_Profile, ...]
    rarity: dict[str, float]

    def weight(self, some: Iterable[str]) -> float:
        return math.sqrt(sum(self.rarity.get(word, 0.0) ** 2 for word in some))

    def likeness(self, said: frozenset[str], other: frozenset[str]) -> float:
        """Near to the cosine of the two, with rare words weighing more: what the customer says
        has to be explained rather than what an example says besides."""
        both = said & other
        if not _has_content(both):
            return 0.0
        size = math.pow(self.weight(said), 1.3) * math.pow(self.weight(other), 0.7)
        return math.pow(self.weight(both), 2) / size


@lru_cache(maxsize=64)
def _vocabulary(key: bytes) -> _Vocabulary:
    profiles = tuple(_profile(tool) for tool in msgspec.json.decode(key, type=list[Tool]))
    known = [frozenset[str]().union(p.about, *p.examples, *p.options) for p in profiles]
    count = Counter(word for one in known for word in one)
    rarity = {
        word: math.log(1 + len(profiles) / n) * (_SMALL if word.startswith("~") else 1)
        for word, n in count.items()
    }
    return _Vocabulary(profiles, rarity)


def rank(text: str, tools: Sequence[Tool]) -> list[tuple[float, str]]:
    """The tools by how well the text fits them, from 0 to about 1, the best first."""
    vocabulary = _vocabulary(msgspec.json.encode(list(tools)))
    said = _bag(text)
    known = said & vocabulary.rarity.keys()
    content = frozenset(word for word in said if not word.startswith("~"))
    if not content & known:
        return []
    # Words that no tool knows make a match less likely, but people say a lot around a request.
    share = len(content & known) / (len(content & known) + 0.2 * len(content - known))
    found: list[tuple[float, str]] = []
    for profile in vocabulary.profiles:
        parts = [vocabulary.likeness(known, one) for one in profile.examples]
        parts += [0.8 * vocabulary.likeness(content & known, one) for one in profile.options]
        about = vocabulary.likeness(content & known, profile.about)
        score = max(max(parts, default=0.0) + 0.1 * about, 0.9 * about) * share
        found.append((round(score, 4), profile.tool))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def _clean(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s.,!;:?'\"()-]+", lower(text))


def yes_or_no(text: str) -> bool | None:
    """True and False only when the message says nothing else: a doubt is neither."""
    text = lower(tidy(text))
    left = re.sub(rf"\b{any_of(words.YES_PHRASES)}\b", " yes ", text)
    said = _clean(left)
    if not said or "?" in text or len(said) > 12:
        return None
    yes = [word for word in said if word in words.YES]
    no = [word for word in said if word in words.NO]
    rest = [w for w in said if w not in words.YES | words.NO | words.FILLER]
    if rest:
        return None if is_stop(text) else _in_any_language(said)
    if no:
        # "No, that's wrong" is a no, "no, that's fine" is not clear.
        good = [word for word in yes if word not in {"right", "correct", "ok", "okay"}]
        return None if good or (yes and "not" not in no) else False
    return True if yes else None


_FEW = 4
"""Words of a plain yes or no."""


def _in_any_language(said: list[str]) -> bool | None:
    """The same where not all words are ours: "ja", "no gracias". A no counts as one only when
    nothing else is said."""
    if len(said) > _FEW or features(" ".join(said)) - {"asked_for"}:
        return None  # "show my booking" agrees to nothing by itself
    answer = consent.answer(" ".join(said), "en")
    if answer == "yes":
        return True
    if answer == "no" and all(_says_no_more(word) for word in said):
        return False
    return None


def _says_no_more(word: str) -> bool:
    return consent.answer(word, "en") == "no" or consent.answer(f"yes {word}", "en") == "yes"


def is_stop(text: str) -> bool:
    """The customer drops what we were doing."""
    text = re.sub(r"[^\w\s']", " ", lower(tidy(text)))
    text = re.sub(
        r"\b(?:please|pls|thanks|sorry|actually|oh|ok|okay|just|no|let's|i want to|i'd like to)\b",
        " ",
        text,
    )
    text = " ".join(text.split())
    return text in words.STOP


def is_question(text: str) -> bool:
    text = lower(tidy(text)).lstrip(" ,.")
    first = re.match(r"[\w']+", text)
    return text.endswith("?") or (first is not None and first[0] in words.QUESTION_STARTS)


_LISTED = re.compile(
    rf"(?:^|\b(?:number|option|no\.?|nr\.?|#|the)\s*)(?P<digit>\d{{1,2}})(?![\w:./])"
    rf"|\b(?P<word>{any_of([w for w, n in words.ORDINALS.items() if n <= 12])})\b"
    rf"|(?P<short>\d{{1,2}})(?:st|nd|rd|th)\b"
    rf"|^(?:option |number )?(?P<count>{any_of(words.UNITS)})$"
)  # fmt: skip


def position(text: str, size: int) -> int | None:
    """Which of a list of `size`: "2", "the second one", "the last"."""
    text = lower(tidy(text)).strip(" .!")
    if re.search(r"\b(?:the )?(?:last|latter)(?: one)?\b", text):
        return size - 1
    if re.search(r"\b(?:former)\b", text):
        return 0
    match = _LISTED.search(text)
    if not match:
        return None
    number = match["digit"] or match["short"]
    n = (
        int(number)
        if number
        else words.ORDINALS.get(match["word"] or "") or words.UNITS.get(match["count"] or "", 0)
    )
    return n - 1 if 1 <= n <= size else None
