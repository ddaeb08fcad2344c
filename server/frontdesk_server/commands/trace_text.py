"""A trace for people."""

from datetime import datetime, tzinfo
from typing import Any

import click
import msgspec

from frontdesk_server.commands.output import indented, safe, shortened
from frontdesk_server.commands.tracing import Asked, Called, Prompt, Round, Trace, Turn

_INDENT = " " * 4


def print_trace(trace: Trace, zone: tzinfo, *, full: bool) -> None:
    shown: set[str] = set()
    for turn in trace.turns:
        _print_turn(turn, trace.prompts, zone, shown, full=full)
    for text in trace.unanswered:
        _section("Unanswered", text, full=True)


def _print_turn(
    turn: Turn, prompts: dict[str, Prompt], zone: tzinfo, shown: set[str], *, full: bool
) -> None:
    at = datetime.fromisoformat(turn.started).astimezone(zone)
    click.echo("\n" + click.style(f"Turn {turn.number}", bold=True) + f"  {at:%Y-%m-%d %H:%M:%S}")
    for text in turn.messages:
        _section("Customer", text, full=True)
    _section("Situation", turn.situation, full=full)
    for proposal in turn.voided:
        click.echo(f"  Declined by the customer: {proposal}")
    for round_ in turn.rounds:
        for asked in round_.asked:
            if asked.prompt in prompts and asked.prompt not in shown:
                shown.add(asked.prompt)
                _print_prompt(asked.prompt, prompts[asked.prompt], full=full)
        _print_round(round_, full=full)
    if turn.reply is None:
        click.echo("  No reply yet: the turn runs, or will be taken up again.")
        return
    notes = [turn.reply.outcome]
    notes += [f"by the rule {turn.reply.trigger}"] if turn.reply.trigger else []
    notes += [f"attempt {turn.reply.attempt}"] if turn.reply.attempt > 1 else []
    notes += ["handed to a person"] if turn.reply.handed_off else []
    _section(f"Reply ({', '.join(notes)})", turn.reply.content, full=True)


def _section(title: str, text: str, *, full: bool) -> None:
    click.echo("  " + click.style(title, bold=True))
    click.echo(indented(shortened(text, full=full), _INDENT))


def _print_prompt(identifier: str, prompt: Prompt, *, full: bool) -> None:
    for number, text in enumerate(prompt.system, 1):
        title = f"System prompt {number} of {len(prompt.system)} ({identifier[:12]})"
        _section(title, text, full=full)
    names = ", ".join(str(tool.get("name")) for tool in prompt.tools)
    click.echo("  " + click.style(f"Tools ({len(prompt.tools)})", bold=True) + f" {safe(names)}")
    if full:
        click.echo(indented(_json(prompt.tools, pretty=True), _INDENT))


def _print_round(round_: Round, *, full: bool) -> None:
    click.echo("  " + click.style(f"Round {round_.number}", bold=True))
    for asked in round_.asked:
        click.echo(indented(_asked(asked), _INDENT))
    if round_.text:
        click.echo(indented("said: " + shortened(round_.text, full=full), _INDENT))
    for call in round_.calls:
        click.echo(indented(_called(call, full=full), _INDENT))
    if round_.doubt:
        click.echo(indented("doubted: " + shortened(round_.doubt, full=full), _INDENT))


def _asked(asked: Asked) -> str:
    share = "-" if asked.cache_share is None else f"{asked.cache_share:.0%}"
    cost = "unknown" if asked.cost is None else f"${asked.cost / 1_000_000:.6f}"
    first = "-" if asked.first_ms is None else f"{asked.first_ms} ms"
    name = " ".join(filter(None, (asked.provider, asked.model)))
    parts = [
        f"in {asked.input_tokens}, out {asked.output_tokens}",
        f"cache read {asked.cache_read_tokens}, write {asked.cache_write_tokens}, share {share}",
        f"cost {cost}{' (estimated)' if asked.estimated else ''}",
        f"{asked.latency_ms} ms, first text {first}",
    ]
    parts += [f"stop {asked.stop}"] if asked.stop else []
    parts += [f"request {asked.request_id}"] if asked.request_id else []
    parts += [f"failed: {asked.error}"] if asked.error else []
    return f"{name}: " + "; ".join(parts)


def _called(call: Called, *, full: bool) -> str:
    lines = [f"{call.tool} {_json(call.arguments)}"]
    if call.status == "refused":
        problems = call.problems or ((call.problem,) if call.problem else ())
        lines.append(
            f"  refused, {len(problems)} {'problem' if len(problems) == 1 else 'problems'}"
        )
        lines += [f"    {problem}" for problem in problems]
        return "\n".join(lines)
    if call.status == "open":
        return "\n".join([*lines, "  no outcome yet"])
    lines.append("  valid")
    outcome = shortened(_json(call.data, pretty=full), full=full)
    lines += [f"  {line}" for line in f"{call.status} {outcome}".splitlines()]
    if call.patch:
        lines.append(f"  state {shortened(_json(call.patch), full=full)}")
    return "\n".join(lines)


def _json(value: Any, *, pretty: bool = False) -> str:
    text = msgspec.json.encode(value)
    return (msgspec.json.format(text, indent=2) if pretty else text).decode()
