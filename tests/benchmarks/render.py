"""Tiles per second on the price label of 296 x 128 in three inks, beside what else draws it; and on
the head of an aisle, 800 x 480 in six inks with a photo.

Every tile is distinct and nobody keeps whole frames. All renderers take turns on the same tiles;
values are medians over the rounds, from a warm start.
"""

import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import TileContent
from label_templates.render import Renderer
from label_templates.samples import sample_bundle
from tests.benchmarks.by_hand import ByHand, ByHandCached
from tests.benchmarks.groceries import STORE, contents, promos, repriced
from tests.benchmarks.promo_by_hand import PromoByHand, PromoByHandCached

COUNT, PROMOS, ROUNDS = 400, 60, 5
Draw = Callable[[Sequence[TileContent]], None]
_IMPORT = "import label_templates.render, label_templates.bundles, label_templates.contract.panel"
_FIRST = """
from label_templates.bundles import installed_bundle
from label_templates.contract.panel import panel_spec
from label_templates.render import Renderer
from tests.benchmarks.groceries import STORE, contents
Renderer(installed_bundle()).render(
    "price/promotion", contents(1, 1)[0], panel_spec("epd-2.9-bwr"), STORE
)
"""
_PEAK = """
import pathlib, sys
peak = [line for line in pathlib.Path("/proc/self/status").open() if line.startswith("VmHWM")]
sys.stdout.write(peak[0].split()[1])
"""


def lines() -> Iterator[dict[str, Any]]:
    """Measure warm prices, changed prices, new names, the first tile and memory."""
    tiles = contents(COUNT, 0)
    yield _line("price-warm", lambda _: tiles)
    yield _line("price-change", lambda number: repriced(tiles, number))
    yield _line("new-names", lambda number: contents(COUNT, number))
    yield _promo_line()
    yield from _process_lines()


def _line(name: str, work: Callable[[int], list[TileContent]]) -> dict[str, Any]:
    return _compared_draws(name, work, {"edge-shelf": _ours(), **_others()})


def _promo_line() -> dict[str, Any]:
    """Measure promotions with photos: every tile another, the photos those of a campaign."""
    bundle, panel = sample_bundle(), panel_spec("epd-7.3-e6")
    renderer = Renderer(bundle)

    def ours(tiles: Sequence[TileContent]) -> None:
        for tile in tiles:
            renderer.render("endcap/photo", tile, panel, STORE)

    draws: dict[str, Draw] = {
        "edge-shelf": ours,
        "pillow-cached": _by(PromoByHandCached(panel, bundle.asset)),
        "pillow-plain": _by(PromoByHand(panel, bundle.asset)),
    }
    if importlib.util.find_spec("odl_renderer"):
        from tests.benchmarks.open_display import render_all_promos  # noqa: PLC0415  an extra

        draws["odl-renderer"] = render_all_promos
    tiles = promos(PROMOS, 0)
    return _compared_draws("promo-photo", lambda _: tiles, draws)


def _compared_draws(
    name: str, work: Callable[[int], list[TileContent]], draws: Mapping[str, Draw]
) -> dict[str, Any]:
    warm = work(1000)
    for draw in draws.values():
        draw(warm)
    rates: dict[str, list[float]] = {name: [] for name in draws}
    for number in range(ROUNDS):
        tiles = work(number + 1)
        for who, draw in draws.items():
            rates[who].append(len(tiles) / _seconds(draw, tiles))
    medians = {who: round(statistics.median(found)) for who, found in rates.items()}
    return {"name": name, **_compared(medians.pop("edge-shelf"), "tiles/s", medians)}


def _compared(value: float, unit: str, beside: Mapping[str, float]) -> dict[str, Any]:
    ratio = {who: round(value / other, 2) for who, other in beside.items()}
    return {"value": value, "unit": unit, "beside": beside, "ratio": ratio}


def _seconds(draw: Draw, tiles: Sequence[TileContent]) -> float:
    """Return seconds of processor time, which other work on the machine does not lengthen."""
    start = time.process_time()
    draw(tiles)
    return time.process_time() - start


def _ours() -> Draw:
    renderer, panel = Renderer(installed_bundle()), panel_spec("epd-2.9-bwr")

    def draw(tiles: Sequence[TileContent]) -> None:
        for tile in tiles:
            renderer.render("price/promotion", tile, panel, STORE)

    return draw


def _others() -> dict[str, Draw]:
    draws: dict[str, Draw] = {"pillow-cached": _by(ByHandCached()), "pillow-plain": _by(ByHand())}
    if importlib.util.find_spec("odl_renderer"):
        from tests.benchmarks.open_display import render_all  # noqa: PLC0415  an extra

        draws["odl-renderer"] = render_all
    return draws


def _by(label: ByHand) -> Draw:
    def draw(tiles: Sequence[TileContent]) -> None:
        for tile in tiles:
            label.render(tile)

    return draw


def _process_lines() -> Iterator[dict[str, Any]]:
    """Measure a fresh process that draws one tile, beside one that only imports."""
    runs = [(_process(_IMPORT), _process(_FIRST)) for _ in range(ROUNDS)]
    for place, name, unit in ((0, "cold-ms", "ms"), (1, "memory-mb", "MB")):
        only = statistics.median(first[place] for first, _ in runs)
        whole = statistics.median(second[place] for _, second in runs)
        yield {"name": name, **_compared(round(whole), unit, {"import-only": round(only)})}


def _process(code: str) -> tuple[float, float]:
    """Return milliseconds and peak MB of a fresh interpreter that runs some code."""
    start = time.perf_counter()
    command = [sys.executable, "-c", code + _PEAK]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return 1000 * (time.perf_counter() - start), int(done.stdout) / 1024
