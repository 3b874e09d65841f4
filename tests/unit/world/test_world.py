"""The seeded world: the same seed is the same world, and planted faults are found in it."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from typing_extensions import override

from cloud_service.delivery.reconcile import Order, Situation, Write, reconcile
from label_templates.contract import wire
from label_templates.contract.twin import Desired, KeyList, TileAck
from label_templates.contract.wire import Document
from shelf_agent.machine.judging import Judge
from shelf_agent.machine.transitions import Machine
from simulators.world import command
from simulators.world.book import BUNDLES
from simulators.world.world import Cores, Outcome, run_world

HOUR = 3600.0
SHORT_STORM = 6 * HOUR
SEEDS = range(1, 11)


def first_violation(cores: Cores) -> Outcome | None:
    outcomes = (run_world(seed, cores, SHORT_STORM) for seed in SEEDS)
    return next((outcome for outcome in outcomes if outcome.violation), None)


class TakesOlder(Judge):
    """Does not mind a state that goes back."""

    @override
    def compare(self, new: Desired, held: Desired | None, floors: Mapping[str, Order]) -> bool:
        return held is None or new != held


class TakesUnsealed(Judge):
    """Reads a state without looking at its seal."""

    @override
    def read(self, document: Document, keys: KeyList | None) -> Desired:
        return wire.read_desired(document)

    @override
    def compare(self, new: Desired, held: Desired | None, floors: Mapping[str, Order]) -> bool:
        return held is None or new != held


class WakesLate(Machine):
    """Looks at its flips whenever something else wakes it."""

    @override
    def _sleep(self) -> float:
        return HOUR


class SaysShownTooEarly(Machine):
    """Confirms what it was sent, not what hangs."""

    @override
    def _acks(self) -> dict[str, TileAck]:
        return {
            position: ack.model_copy(update={"state": "shown"})
            for position, ack in super()._acks().items()
        }


def without_flips(case: Situation) -> Write | None:
    first = {place: showings[:1] for place, showings in case.wanted.showings.items()}
    return reconcile(replace(case, wanted=replace(case.wanted, showings=first)))


def without_drift(case: Situation) -> Write | None:
    """Overlooks everything but changed prices: what may not have arrived is taken for granted."""
    if case.pushed is None:
        return reconcile(case)
    return reconcile(replace(case, pushed=replace(case.pushed, believed=True)))


def without_other_bundles(case: Situation) -> Write | None:
    """Seals on for a bundle that the device cannot get."""
    return reconcile(replace(case, heard=replace(case.heard, lacks=None)))


class DrawsWithWhatItHas(Machine):
    """Takes any state, and draws it with the bundle that is installed."""

    @override
    def _take(self, document: Document) -> None:
        self._supply.stock(BUNDLES)
        super()._take(document)

    @override
    def _hold(self, desired: Desired, document: Document) -> None:
        super()._hold(desired, document)
        for place in self._places.values():
            place.plan([replace(picture, bundle=BUNDLES[0]) for picture in place.timeline])


@pytest.mark.slow
def test_no_invariant_breaks_in_whole_storms() -> None:
    faults: Counter[str] = Counter()
    for seed in range(1, 9):
        outcome = run_world(seed)
        assert outcome.violation is None, (seed, outcome.violation, outcome.recent)
        faults.update(outcome.faults)
    assert len(faults) == 29  # each kind of fault really happened


@pytest.mark.parametrize("seed", [1, 10])  # with hashed seals, and with signed ones
def test_a_short_storm_passes_and_every_tile_comes_right(seed: int) -> None:
    outcome = run_world(seed, storm_s=HOUR)
    assert outcome.violation is None, outcome.recent
    assert sum(outcome.faults.values()) > 5


def test_the_same_seed_is_the_same_world_whatever_python_hashes() -> None:
    code = (
        "from simulators.world.world import run_world; print(run_world(3, storm_s=1800.0).digest)"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("0", "1")
    }
    assert len(digests) == 1
    assert run_world(4, storm_s=1800.0).digest not in digests


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cores", "words"),
    [
        (Cores(judge=TakesOlder), ["went back"]),
        (Cores(judge=TakesUnsealed), ["never sealed", "went back"]),
        (Cores(machine=WakesLate), ["which was over"]),
        (Cores(machine=SaysShownTooEarly), ["reported"]),
        (Cores(reconcile=without_flips), ["resolution says"]),
        (Cores(reconcile=without_drift), ["resolution says"]),
        (Cores(reconcile=without_other_bundles), ["resolution says"]),
        (Cores(machine=DrawsWithWhatItHas), ["a bundle it was not sealed for"]),
        (Cores(stores_first=False), ["was given twice", "resolution says"]),
    ],
    ids=lambda value: "" if isinstance(value, Sequence) else None,
)
def test_a_planted_fault_is_found_within_ten_seeds(cores: Cores, words: list[str]) -> None:
    found = first_violation(cores)
    assert found is not None
    assert found.violation is not None
    assert any(word in found.violation for word in words), found.violation
    assert found.recent


def test_the_command_ends_with_one_and_names_the_seed_that_breaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = Cores(machine=SaysShownTooEarly)
    monkeypatch.setattr(command, "run_world", lambda seed: run_world(seed, faulty, HOUR))
    assert command.run_worlds([5, 6], as_json=False) == 1
    printed = capsys.readouterr().out
    assert "Seed 5 breaks an invariant: pi-0" in printed
    assert "shelf-sim world --seed 5" in printed


def test_the_command_counts_what_it_saw(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "run_world", lambda seed: run_world(seed, storm_s=HOUR))
    assert command.run_worlds([1, 2], as_json=True) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["worlds"], summary["violation"]) == (2, None)
    assert summary["digests"].keys() == {"1", "2"}
