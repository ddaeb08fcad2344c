"""frontdesk check: the doctor."""

import asyncio

import click

from frontdesk_server.commands.checks import Finding, examine
from frontdesk_server.commands.options import Options, format_option, shared
from frontdesk_server.commands.output import print_json, safe

_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command(name="check")
@shared
@format_option
@click.pass_obj
def command(options: Options, form: str) -> None:
    """Look for what keeps Frontdesk from working, and say what to do.

    Nothing is changed or made. The exit code is 1 when there is a problem; warnings do not count.
    """
    findings = asyncio.run(examine(options))
    if form == "json":
        print_json(findings)
    else:
        for finding in findings:
            _show(finding)
    if any(finding.status == "problem" for finding in findings):
        raise click.exceptions.Exit(1)


def _show(finding: Finding) -> None:
    status = click.style(f"{finding.status:8}", fg=_COLOURS[finding.status])
    first, *more = safe(finding.text).splitlines() or [""]
    click.echo(f"{status} {finding.area:10} {first}")
    for line in [*more, *([f"-> {finding.cure}"] if finding.cure else [])]:
        click.echo(" " * 20 + line)
