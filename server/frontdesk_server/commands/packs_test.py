"""frontdesk packs test: the scenarios of packs, run."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import click

from frontdesk.pack_checks import unusable
from frontdesk.packs import Pack, read_scenarios
from frontdesk.scenarios import Scenario
from frontdesk_server.commands.loaded import loaded
from frontdesk_server.commands.options import Failure, Options, format_option, shared
from frontdesk_server.commands.output import print_json
from frontdesk_server.commands.pack_choice import chosen

if TYPE_CHECKING:
    from frontdesk.model import Model
    from frontdesk.plugins import Plugins
    from frontdesk.testing.scenarios import Run


@click.command(name="test")
@shared
@click.argument("targets", metavar="[NAME|PATH]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All installed packs; so without a name.")
@click.option(
    "-k", "only", metavar="TEXT", default="", help="Only scenarios with this in their name."
)
@click.option("--live", is_flag=True, help="With Claude instead of the scripts; needs its API key.")
@click.option(
    "--times", type=click.IntRange(1, 100), default=1, help="Run each so often; all must pass."
)
@click.option(
    "--junit", metavar="FILE", type=click.Path(dir_okay=False), help="Also write JUnit XML."
)
@click.option("--trace", is_flag=True, help="Show what happened, also where all is well.")
@format_option
@click.pass_obj
def test(
    options: Options,
    targets: Sequence[str],
    *,
    everything: bool,
    only: str,
    live: bool,
    times: int,
    junit: str | None,
    trace: bool,
    form: str,
) -> None:
    """Run the scenarios of packs, and say what was expected where one fails."""
    if everything and targets:
        raise Failure("--all and a name contradict each other: leave one of them out.")
    if live and not os.environ.get("ANTHROPIC_API_KEY"):
        raise Failure("--live needs an ANTHROPIC_API_KEY in the environment.")
    packs = chosen(targets)
    _refuse_unusable(packs, loaded(options))
    found = [(pack, read_scenarios(pack)[0]) for pack in packs]
    quiet = form == "json"
    todo = [
        (pack, scenario)
        for pack, scenarios in found
        for name, scenario in scenarios.items()
        if only.casefold() in f"{name} {scenario.name}".casefold() and (scenario.live or not live)
    ]
    runs = asyncio.run(_run_all(todo, live=live, times=times, quiet=quiet, trace=trace))
    if junit:
        Path(junit).write_bytes(_junit(runs))
    if quiet:
        print_json([_described(run) for run in runs])
    else:
        _summary(runs, packs, times)
    if not runs or any(run.failures for run in runs):
        raise click.exceptions.Exit(1)


def _refuse_unusable(packs: Sequence[Pack], plugins: "Plugins") -> None:
    """Raises Failure with what would make every scenario fail, instead of running them."""
    wrong = [(pack, unusable(pack, plugins)) for pack in packs]
    problems = [problem for _, found in wrong for problem in found]
    if problems:
        names = [pack.source if pack.is_folder else pack.name for pack, found in wrong if found]
        cure = f"Nothing was run. Put it right and run `frontdesk packs check {' '.join(names)}` first."
        raise Failure("\n".join([*problems, cure]))


async def _run_all(
    todo: Sequence[tuple[Pack, Scenario]], *, live: bool, times: int, quiet: bool, trace: bool
) -> list["Run"]:
    from frontdesk.testing.scenarios import run  # noqa: PLC0415  needs the whole engine

    runs: list[Run] = []
    for pack, scenario in todo:
        folders = [pack.source] if pack.is_folder else []
        for n in range(times):
            done = await run(pack, scenario, model=_claude() if live else None, packs=folders)
            runs.append(done)
            if not quiet:
                _show(done, f" ({n + 1} of {times})" if times > 1 else "", trace=trace)
    return runs


def _claude() -> "Model":
    """A new one for each scenario, because a scenario ends by closing it."""
    from frontdesk import config  # noqa: PLC0415
    from frontdesk.plugins import Plugins  # noqa: PLC0415

    plugins = Plugins(config.load(None))
    plugins.load_installed()
    plugins.collect()
    if "claude" not in plugins.models:
        raise Failure(
            "The plugin claude is not there or is switched off: see `frontdesk plugins list`."
        )
    return plugins.models["claude"]


def _show(run: "Run", which: str, *, trace: bool) -> None:
    mark = "FAIL" if run.failures else "ok  "
    click.echo(f"{mark} {run.pack}: {run.scenario}{which} ({run.seconds:.1f} s)")
    for failure in run.failures:
        click.echo(f"     {failure}")
    if run.failures or trace:
        for line in "\n".join(run.trace).splitlines():
            click.echo(f"     | {line}")


def _summary(runs: Sequence["Run"], packs: Sequence[Pack], times: int) -> None:
    for pack in packs:
        _counts(pack.name, [run for run in runs if run.pack == pack.name], times)
    if not runs:
        click.echo("No scenario was run: see `frontdesk packs test --help`.")
    elif len(packs) > 1:
        _counts(f"all {len(packs)} packs", runs, times)


def _counts(whose: str, runs: Sequence["Run"], times: int) -> None:
    """pass^k: of how many scenarios every one of k runs passed. Seconds are those of the runs."""
    failed = sum(bool(run.failures) for run in runs)
    seconds = sum(run.seconds for run in runs)
    line = f"{whose}: {len(runs) - failed} passed, {failed} failed, {seconds:.0f} s"
    if times > 1 and runs:
        every = {(run.pack, run.scenario) for run in runs}
        sure = len(every - {(run.pack, run.scenario) for run in runs if run.failures})
        line += f"; pass^{times} {sure / len(every):.0%} ({sure} of {len(every)} scenarios)"
    click.echo(line)


def _described(run: "Run") -> dict[str, Any]:
    return {
        "pack": run.pack,
        "scenario": run.scenario,
        "passed": not run.failures,
        "failures": run.failures,
        "trace": run.trace,
        "seconds": round(run.seconds, 3),
    }


def _junit(runs: Sequence["Run"]) -> bytes:
    """The common dialect of JUnit XML: one suite for each pack."""
    root = ElementTree.Element("testsuites")
    for pack in dict.fromkeys(run.pack for run in runs):
        own = [run for run in runs if run.pack == pack]
        suite = ElementTree.SubElement(
            root, "testsuite", name=pack, tests=str(len(own)),
            failures=str(sum(bool(run.failures) for run in own)),
        )  # fmt: skip
        for run in own:
            case = ElementTree.SubElement(
                suite, "testcase", classname=pack, name=run.scenario, time=f"{run.seconds:.3f}"
            )
            if run.failures:
                failure = ElementTree.SubElement(case, "failure", message=run.failures[0])
                failure.text = "\n".join([*run.failures, "", *run.trace])
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
