"""The public JSON-Schema suite (draft 2020-12), through the check that a model's call goes through."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from frontdesk.tools import Checker

DATA = Path(__file__).parent / "data" / "json_schema_suite"


def cases(group: str) -> list[dict[str, Any]]:
    with (DATA / "draft2020-12.jsonl").open(encoding="utf-8") as file:
        every = [json.loads(line) for line in file]
    if group == "required":
        return [case for case in every if not case["optional"]]
    return [case for case in every if case["optional"].startswith(group)]


def known() -> dict[str, Any]:
    """The schemas that references name; those of a later draft are no business of this one."""
    every: dict[str, Any] = json.loads((DATA / "remotes.json").read_text(encoding="utf-8"))
    later = "https://json-schema.org/v1"
    return {
        uri: schema
        for uri, schema in every.items()
        if f'"$schema": "{later}"' not in json.dumps(schema)
    }


@pytest.mark.parametrize(
    ("group", "formats", "count"), [("required", False, 1299), ("format", True, 764)]
)
def test_every_case_of_the_suite(group: str, formats: bool, count: int) -> None:
    registry = known()
    wrong: list[str] = []
    tried: Counter[bool] = Counter()
    for case in cases(group):
        checker = Checker(case["tool_schema"], formats=formats, known=registry)
        problems = checker.problems(case["tool_input"])
        tried[case["valid"]] += 1
        if (not problems) != case["valid"]:
            wrong.append(f"{case['file']}: {case['group']}: {case['test']}")
    assert wrong == []
    assert tried.total() == count
    assert tried[True] > 100
    assert tried[False] > 100


def test_a_reference_is_never_fetched() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        Checker({"$ref": "http://127.0.0.1:9/schema.json"})


def test_all_problems_at_once_with_pointers_and_options() -> None:
    checker = Checker(
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["service", "start", "phone"],
            "properties": {
                "service": {"enum": ["haircut", "colour", "beard_trim", "consultation"]},
                "start": {"type": "string", "format": "date-time"},
                "phone": {"type": "string"},
                "guests": {"type": "array", "items": {"type": "object", "required": ["a/b"]}},
                "end": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            },
        }
    )
    problems = checker.problems(
        {"service": "massage", "start": "tomorrow", "guests": [{}], "x": 1, "end": "soon"}
    )
    assert sorted(problems) == sorted(
        [
            "/phone: required",
            "/end: must fit one of: not a date (YYYY-MM-DD, e.g. 2026-11-30); must be of type null",
            "/guests/0/a~1b: required",
            '/service: must be one of: "haircut", "colour", "beard_trim", "consultation"',
            "/start: not a date-time with offset (RFC 3339, e.g. 2026-11-30T10:00:00+01:00)",
            "/: unknown: x",
        ]
    )


def test_long_lists_of_problems_are_cut() -> None:
    checker = Checker({"type": "array", "items": {"type": "string"}})
    problems = checker.problems([1] * 50)
    assert len(problems) == 11
    assert problems[-1] == "(and 40 more)"
