"""`edge-shelf tiles sheet`: a contact sheet of templates on panels, without a server."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.printing import counted, print_json, progress_bar, say
from cloud_service.cli.sample_tiles import SampleTiles, opened_samples
from label_templates.contact_sheet import Print, contact_sheet, make_prints
from label_templates.contract.panel import SURFACES, PanelSpec, panel_spec
from label_templates.samples import Sample

Names = list[str] | None


def sheet(
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the PNG goes.")
    ] = None,
    template: Annotated[
        Names, typer.Option(help="Only this template; may be repeated.", show_default="all")
    ] = None,
    panel: Annotated[
        Names, typer.Option(help="Only this panel; may be repeated.", show_default="all")
    ] = None,
    locale: Annotated[
        Names, typer.Option(help="Samples of this locale: hr-HR; may be repeated.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--every", help="Every sample, not the first of each template.")
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(exists=True, help="A packed bundle or its folder; else the installed."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a list of what is on it; no --output needed.")
    ] = False,
) -> None:
    """Draw a contact sheet: each template on each panel it is made for, pixel for pixel."""
    if output is None and not as_json:
        raise WrongUsage("say where the sheet goes: --output FILE")
    panels = [panel_spec(name) for name in panel] if panel else list(SURFACES)
    with opened_samples(bundle) as tiles:
        prints = _drawn(tiles, _chosen(tiles, template, locale, every=every), panels)
    if output is not None:
        _write(output, contact_sheet(prints))
    if as_json:
        print_json([_words(one) for one in prints])
    else:
        say(f"{output}: {counted(len(prints), 'tile')}")
    undrawn = [f"{one.panel.name}: {one.why}" for one in prints if one.frame is None]
    if undrawn:
        raise Refused(f"{counted(len(undrawn), 'tile')} cannot be drawn", tuple(undrawn))


def _chosen(tiles: SampleTiles, templates: Names, locales: Names, *, every: bool) -> list[Sample]:
    """Return the samples meant: of each template the first, or every one."""
    meant = [
        sample
        for sample in tiles.samples
        if (not templates or sample.template in templates)
        and (not locales or sample.store.locale in locales)
    ]
    first: dict[str, Sample] = {}
    for sample in meant:
        first.setdefault(sample.template, sample)
    return meant if every else list(first.values())


def _drawn(tiles: SampleTiles, samples: list[Sample], panels: list[PanelSpec]) -> list[Print]:
    prints: list[Print] = []
    with progress_bar() as bar:
        task = bar.add_task("Drawing tiles", total=len(panels))
        for spec in panels:
            prints += make_prints(tiles.renderer, samples, [spec])
            bar.advance(task)
    if not prints:
        raise WrongUsage("no sample of such a template and locale is made for such a panel")
    return prints


def _words(one: Print) -> dict[str, Any]:
    return {
        "template": one.template,
        "sample": one.sample,
        "locale": one.locale,
        "panel": one.panel.name,
        "width": one.panel.width,
        "height": one.panel.height,
        "frame": one.frame.digest() if one.frame else None,
        "why": one.why or None,
    }


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
