"""The command line of the benchmark."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

import msgspec

from . import report
from .measure import Plan, run


def main() -> None:
    plan = Plan()
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Frontdesk beside three reference servers, against a local fake of the Messages "
        "API. Nothing leaves the machine. It takes about five minutes on two cores.",
    )
    parser.add_argument("--turns", type=int, default=plan.turns, help="paced turns of each kind")
    parser.add_argument("--rounds", type=int, default=plan.rounds, help="the turns are spread over")
    parser.add_argument("--conversations", type=int, default=plan.conversations, help="at once")
    parser.add_argument("--quick", action="store_true", help="too little of everything, as a trial")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw numbers")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--write-docs", action="store_true", help="put it into docs/performance.md")
    options = parser.parse_args()
    plan = Plan(
        turns=max(1, options.turns),
        rounds=max(1, options.rounds),
        conversations=max(1, options.conversations),
    )
    if options.quick:
        plan = Plan(
            turns=4, rounds=1, conversations=4, starts=1, long_messages=40, sockets=50, pace_ms=5
        )
    signal.signal(signal.SIGTERM, _end)
    result = run(plan, lambda text: print(text, file=sys.stderr, flush=True))
    found = report.rows(result)
    text = report.markdown(result, found)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    if options.write_docs:
        report.write_docs(text)
    print(
        text if options.markdown else f"{report.conditions(result)}\n\n{report.plain_table(found)}"
    )


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # through every `finally`, so that no server stays behind


main()
