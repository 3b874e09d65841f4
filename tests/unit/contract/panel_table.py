"""The table of docs/panels.md, made of the catalogue. Run as a program, it renews the page."""

import re
from pathlib import Path

from label_templates.contract.panel import CATALOGUE, PanelSpec

GUIDE = Path(__file__).parents[3] / "docs" / "panels.md"
HEAD = (
    "| panel | pixels | mm | inks | full, partial refresh | pause | °C | packing | text from |"
    " source |\n|---|---|---|---|---|---|---|---|---|---|"
)
_PLACE = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- end of table -->)", re.DOTALL)


def table() -> str:
    """Return the catalogue as a table."""
    return "\n".join([HEAD, *map(_row, CATALOGUE.values())]) + "\n"


def written() -> str:
    """Return the table that stands in the page."""
    match = _PLACE.search(GUIDE.read_text("utf-8"))
    return match[0] if match else ""


def _row(spec: PanelSpec) -> str:
    size = f"{spec.mm(spec.width):.1f} x {spec.mm(spec.height):.1f}"
    inks = ", ".join(spec.inks) + (" and the cube" if spec.cube else "")
    times = [_seconds(spec.full_refresh_ms), _seconds(spec.partial_refresh_ms)]
    refresh = ", ".join(times) if spec.kind != "paper" else "–"
    pause = f"{spec.min_interval_s} s" if spec.min_interval_s else "–"
    works = f"{spec.works_c[0]} to {spec.works_c[1]}" if spec.works_c else "–"
    cells = (
        f"`{spec.name}`", f"{spec.width} x {spec.height}", size, inks, refresh, pause, works,
        spec.packing, str(spec.least_text), spec.source,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _seconds(milliseconds: int | None) -> str:
    return "none" if milliseconds is None else f"{milliseconds / 1000:g} s"


if __name__ == "__main__":
    GUIDE.write_text(_PLACE.sub(lambda _: table(), GUIDE.read_text("utf-8")), "utf-8")
