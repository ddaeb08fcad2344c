"""What is wrong in a file and where it stands, so that messages can name the line."""

import json
import re
from functools import lru_cache

import msgspec

Keys = tuple[str, ...]
"""The parts of a dotted key, numbers of entries among them."""

_HEADER = re.compile(r"[ \t]*\[(\[?)[ \t]*([^\[\]\n]+?)[ \t]*\]\]?[ \t]*(?=#|\r?\n|$)")
_TOML = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|'''
    r"""[\[\]{},=.\n]|[^\s\[\]{},=."'#]+""",
    re.DOTALL,
)


def toml_line(text: str, key: str) -> int:
    """The line (from 1) of a dotted key such as `server.port` or `exceptions.2.date`.

    Numbers count the entries of an array from 0. For a key that is not there, the line of its
    nearest parent.
    """
    wanted = tuple(part for part in re.split(r"[.\[\]]+", key) if part and part != "...")
    best, best_depth = 1, 0
    for here, line in _toml_places(text):
        depth = min(len(here), len(wanted))  # a table may stand there by what is in it only
        if depth > best_depth and here[:depth] == wanted[:depth]:
            best, best_depth = line, depth
    return best


@lru_cache(maxsize=8)
def _toml_places(text: str) -> list[tuple[Keys, int]]:
    """(path, line) of every table, key and entry of an array of a TOML text, in order."""
    return _TomlReader().read(text)


class _TomlReader:
    """Knows where things begin, not what they are: the text is valid TOML, or nobody minds."""

    def __init__(self) -> None:
        self.places: list[tuple[Keys, int]] = []
        self.line = 1
        self.counts: dict[str, int] = {}
        self.table: Keys = ()
        self.here: Keys = ()
        """What the value that follows is of."""
        self.key: list[str] = []
        """The parts of a key that is being read."""
        self.is_key = True
        self.brackets: list[tuple[str, Keys, int]] = []
        """Those that are open: which, whose value it is, and the number of the entry."""
        self.is_entry = False
        """An entry of an array begins with what follows."""

    def read(self, text: str) -> list[tuple[Keys, int]]:
        at = 0
        while at < len(text):
            if self.is_key and not self.brackets and (header := _HEADER.match(text, at)):
                self._header(_parts(header[2]), is_array=bool(header[1]))
                at = header.end()
                continue
            found = _TOML.match(text, at)
            if found is None:
                at += 1
                continue
            if found[0][0] != "#":
                self._take(found[0])
            self.line += found[0].count("\n")
            at = found.end()
        return self.places

    def _header(self, name: Keys, *, is_array: bool) -> None:
        dotted = ".".join(name)
        if is_array:
            if dotted not in self.counts:
                self.places.append((_with_counts(name, self.counts), self.line))
            self.counts[dotted] = self.counts.get(dotted, -1) + 1
        self.table = _with_counts(name, self.counts)
        self.places.append((self.table, self.line))

    def _take(self, mark: str) -> None:
        if mark == "\n":
            if not self.brackets:
                self.is_key, self.key = True, []
        elif self.is_key and mark not in "[]{}":
            self._of_key(mark)
        elif mark in "]}":
            del self.brackets[-1:]
            self.is_key = self.is_entry = False
        elif mark == ",":
            self._next()
        else:
            self._value(mark)

    def _of_key(self, mark: str) -> None:
        if mark == "=":
            within = self.brackets[-1][1] if self.brackets else self.table
            self.here = (*within, *self.key)
            self.places.append((self.here, self.line))
            self.is_key, self.key = False, []
        elif mark not in ",.":
            self.key.append(mark.strip("\"'"))

    def _value(self, mark: str) -> None:
        if self.is_entry and self.brackets:
            _, of, number = self.brackets[-1]
            self.here = (*of, str(number))
            self.places.append((self.here, self.line))
            self.is_entry = False
        if mark in "[{":
            self.brackets.append((mark, self.here, 0))
            self.is_entry, self.is_key, self.key = mark == "[", mark == "{", []

    def _next(self) -> None:
        if self.brackets:
            bracket, of, number = self.brackets.pop()
            self.brackets.append((bracket, of, number + 1))
            self.is_entry, self.is_key, self.key = bracket == "[", bracket == "{", []


def _parts(dotted: str) -> Keys:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _with_counts(parts: Keys, counts: dict[str, int]) -> Keys:
    numbered: list[str] = []
    for n, part in enumerate(parts):
        numbered.append(part)
        name = ".".join(parts[: n + 1])
        if name in counts:
            numbered.append(str(counts[name]))
    return tuple(numbered)


_JSON = re.compile(r'"((?:[^"\\]|\\.)*)"|[\[\]{}:,]|\n')


def json_line(text: str, pointer: str) -> int:
    """The line (from 1) of a JSON Pointer (RFC 6901) in a JSON text; of its nearest parent if absent."""
    places = dict(reversed(_places(text)))
    parts = pointer.split("/")
    for n in range(len(parts), 0, -1):
        if line := places.get("/".join(parts[:n])):
            return line
    return 1


def duplicate_keys(text: str) -> list[tuple[str, int]]:
    """(key, line) of each key that stands again in one JSON object; most readers let the last one
    win in silence."""
    seen: set[str] = set()
    twice: list[tuple[str, int]] = []
    for pointer, line in _places(text):
        if pointer in seen:
            key = pointer.rsplit("/", 1)[-1]
            twice.append((key.replace("~1", "/").replace("~0", "~"), line))
        seen.add(pointer)
    return twice


def _places(text: str) -> list[tuple[str, int]]:
    """(JSON Pointer, line) of every key and element of a JSON text, in order."""
    places: list[tuple[str, int]] = []
    stack: list[str | int] = []  # by open bracket: the key, or the number of the element
    kinds: list[str] = []
    line, key, is_new = 1, "", False
    for token in _JSON.finditer(text):
        mark = token[0]
        if mark == "\n":
            line += 1
            continue
        if is_new and mark != "]":
            places.append((_pointer(stack), line))
        is_new = False
        if mark in "[{":
            kinds.append(mark)
            stack.append(0 if mark == "[" else "")
            is_new = mark == "["
        elif mark in "]}":
            del kinds[-1:], stack[-1:]
        elif mark == ",":
            if kinds and kinds[-1] == "[":
                stack[-1] = int(stack[-1]) + 1
                is_new = True
        elif mark == ":":
            if stack:
                stack[-1] = key
                places.append((_pointer(stack), line))
        else:
            key = _unescaped(token[1])
    return places


def _pointer(parts: list[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _unescaped(key: str) -> str:
    return str(msgspec.json.decode(f'"{key}"')) if "\\" in key else key


_JSON_WORDS = {
    "Expecting ',' delimiter": "a comma, or the end of the list or object, is missing before {0}",
    "Expecting ':' delimiter": "a colon is missing before {0}",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing before {0}",
    "Illegal trailing comma before end of object": "there is a comma too many before {0}",
    "Illegal trailing comma before end of array": "there is a comma too many before {0}",
    "Expecting value": "a value is missing before {0}",
    "Extra data": "it goes on after its end, with {0}",
    "Unterminated string starting at": "a text is not closed: {0}",
    "Invalid control character at": "a text is not closed on its line, before {0}",
}
"""By Python's own message. {0} is what was found."""


def json_error(text: str, error: Exception) -> tuple[int, str]:
    """(line, what is wrong there) of a text that is no JSON, as msgspec's error tells."""
    try:
        json.loads(text)
    except json.JSONDecodeError as found:
        rest = text[found.pos :].lstrip()
        shown = f"`{rest.splitlines()[0][:40]}`" if rest else "the end of the file"
        words = _JSON_WORDS.get(found.msg, f"{found.msg}, before {{0}}").format(shown)
        if rest[:1] in {"}", "]"} and "missing before" in words and "comma" not in words:
            words += ": is there a comma too many?"
        return text[: found.pos + len(text[found.pos :]) - len(rest)].count("\n") + 1, words
    except RecursionError:
        pass
    at = re.search(r"byte (\d+)", str(error))
    return text.encode()[: int(at[1])].count(b"\n") + 1 if at else 1, str(error)


def error_line(error: Exception, text: str) -> int:
    """The line of `text` that a TOML error names."""
    if "end of document" in str(error):
        return len(text.splitlines()) or 1
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else 1
