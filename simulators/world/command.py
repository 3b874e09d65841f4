"""`shelf-sim world`: lives through many worlds and says what broke, with the seed that shows it."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from time import monotonic

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from simulators.world.world import CALM_S, DEVICES, STORM_S, Outcome, run_world

DAY = 86_400.0


def run_worlds(seeds: Sequence[int], *, as_json: bool) -> int:
    """Live through worlds up to the first violation; return the exit code, 1 where there is one."""
    logging.getLogger("cloud_service").setLevel(logging.ERROR)
    began = monotonic()
    outcomes = list(_lived(seeds, quiet=as_json))
    seconds = monotonic() - began
    if as_json:
        typer.echo(json.dumps(_summary(outcomes, seconds)))
    else:
        _show(outcomes, seconds)
    return 0 if outcomes[-1].violation is None else 1


def _lived(seeds: Sequence[int], *, quiet: bool) -> Iterator[Outcome]:
    """Yield outcomes up to the first violation."""
    columns = (TextColumn("worlds"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        for seed in progress.track(seeds):
            outcome = run_world(seed)
            yield outcome
            if outcome.violation is not None:
                return


def _summary(outcomes: Sequence[Outcome], seconds: float) -> dict[str, object]:
    last = outcomes[-1]
    broken = {"seed": last.seed, "violation": last.violation, "recent": list(last.recent)}
    return {
        "worlds": len(outcomes),
        "shelf_days": _shelf_days(outcomes),
        "steps": sum(outcome.steps for outcome in outcomes),
        "seconds": round(seconds, 1),
        "faults": _faults(outcomes),
        "digests": {str(outcome.seed): outcome.digest for outcome in outcomes},
        "violation": broken if last.violation is not None else None,
    }


def _show(outcomes: Sequence[Outcome], seconds: float) -> None:
    console, last = Console(), outcomes[-1]
    table = Table("fault", "times", box=None, title="What went wrong in them")
    for fault, count in sorted(_faults(outcomes).items()):
        table.add_row(fault, str(count))
    console.print(table)
    console.print(
        f"{len(outcomes)} worlds, {_shelf_days(outcomes):.1f} shelf-days, "
        f"{sum(o.steps for o in outcomes)} steps in {seconds:.1f} s"
    )
    if last.violation is None:
        console.print(
            "Every tile came to show what price resolution says; no invariant was broken."
        )
        return
    console.print("\n".join(last.recent), markup=False, highlight=False)
    console.print(f"Seed {last.seed} breaks an invariant: {last.violation}", markup=False)
    console.print(f"Again: shelf-sim world --seed {last.seed}")


def _faults(outcomes: Sequence[Outcome]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for outcome in outcomes:
        total.update(outcome.faults)
    return dict(total)


def _shelf_days(outcomes: Sequence[Outcome]) -> float:
    return round(len(outcomes) * len(DEVICES) * (STORM_S + CALM_S) / DAY, 1)
