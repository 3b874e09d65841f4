"""`edge-shelf tiles check`: can tiles be drawn, can they be read, do they say what they must."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cloud_service.cli.bundle_file import opened_bundle
from cloud_service.cli.connection import connect
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.findings import Outcome, Words, tell
from cloud_service.cli.printing import progress_bar
from cloud_service.cli.sample_tiles import SampleTiles, opened_samples
from cloud_service.cli.tile_file import checked, read_fields, store_words
from cloud_service.clock import SystemClock
from cloud_service.pricing.rules import JURISDICTIONS, rules_of
from label_templates.checks.drawn import Tile
from label_templates.checks.inspection import inspect
from label_templates.contract.identifiers import parse_store_id
from label_templates.contract.panel import SURFACES, PanelSpec, panel_spec
from label_templates.contract.tile import TileContent
from label_templates.render import Renderer
from label_templates.samples import Sample

_PAGE = 100
_CURRENCY, _LOCALE, _TZ = "EUR", "hr-HR", "Europe/Zagreb"
_NOTHING = "say what to check: --content FILE, --all, or --store ID"


def check(
    *,
    template: Annotated[
        str | None, typer.Option(help="Template, such as price/standard.", show_default="all")
    ] = None,
    panel: Annotated[
        str | None, typer.Option(help="Panel of the catalogue.", show_default="all")
    ] = None,
    content: Annotated[
        Path | None, typer.Option(help="Check one tile: a JSON file with its fields.")
    ] = None,
    samples: Annotated[
        bool, typer.Option("--all", help="Check the samples of templates on all their panels.")
    ] = False,
    store: Annotated[str | None, typer.Option(help="Check the tiles of a store.")] = None,
    bay: Annotated[int | None, typer.Option(help="Only this bay of the store.", min=1)] = None,
    jurisdiction: Annotated[
        str | None,
        typer.Option(help="Whose law holds: HR, US-NJ.", show_default="the locale's country"),
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option(help="Day on which it holds.", formats=["%Y-%m-%d"], show_default="today"),
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(exists=True, help="A packed bundle or its folder; else the installed."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="ISO 4217 code, with --content.", show_default=_CURRENCY)
    ] = None,
    locale: Annotated[
        str | None,
        typer.Option(help="Locale for numbers and words, with --content.", show_default=_LOCALE),
    ] = None,
    tz: Annotated[
        str | None,
        typer.Option(help="Time zone in which promotions end, with --content.", show_default=_TZ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check tiles: exit code 0 where they may hang, warnings or not, 1 where one must not.

    One tile (--content) and the samples (--all) need no server; a store does.
    """
    if [content is not None, samples, store is not None].count(True) != 1:
        raise WrongUsage(_NOTHING)
    if bay is not None and store is None:
        raise WrongUsage("--bay is a bay of a --store")
    if bundle is not None and store is not None:
        raise WrongUsage("a --store is checked with the bundle that it uses")
    if content is None and (currency or locale or tz):
        raise WrongUsage("--currency, --locale and --tz are for --content; all others have theirs")
    law = Law(jurisdiction, on.date() if on else None)
    if store is not None:
        outcome = _of_store(store, bay)
    elif samples:
        with opened_samples(bundle) as tiles:
            outcome = _of_samples(tiles, template, panel, law)
    else:
        tile = Tile(
            template or "price/standard",
            checked(TileContent, read_fields(content), str(content)),
            panel_spec(panel or "epd-2.9-bwr"),
            store_words(currency or _CURRENCY, locale or _LOCALE, tz or _TZ),
        )
        outcome = Outcome()
        with opened_bundle(bundle) as opened:
            outcome.add(1, [law.words(Renderer(opened), str(content), tile)])
    tell(outcome, as_json=as_json)


class Law:
    """Whose law is asked, and on which day; where nothing is said, the locale's, today."""

    def __init__(self, jurisdiction: str | None, day: date | None) -> None:
        if jurisdiction is not None and jurisdiction.partition("-")[0] not in JURISDICTIONS:
            known = ", ".join(JURISDICTIONS)
            raise WrongUsage(f"no rules of {jurisdiction!r} are known; there are those of {known}")
        self._jurisdiction = jurisdiction
        self._day = day or datetime.fromtimestamp(SystemClock().now(), UTC).date()

    def words(self, renderer: Renderer, name: str, tile: Tile) -> Words:
        """Return what is found on a tile, with its name, as the API gives a store's."""
        where = self._jurisdiction or tile.store.locale.rpartition("-")[2]
        findings = inspect(renderer, tile, rules_of(where, self._day).demands)
        return {
            "sample": name,
            "panel": tile.panel.name,
            "template": tile.tpl,
            "jurisdiction": where,
            "findings": [found.words() for found in findings],
        }


def _of_store(store: str, bay: int | None) -> Outcome:
    path, outcome, after = f"/stores/{parse_store_id(store)}", Outcome(), None
    with connect() as connection, progress_bar() as bar:
        total = sum(connection.get(path)["tiles"].values()) if bay is None else None
        task = bar.add_task("Checking tiles", total=total)
        while True:
            page = connection.get(f"{path}/tiles:check", bay=bay, after=after, limit=_PAGE)
            outcome.add(page["checked"], page["data"])
            bar.update(task, completed=outcome.checked)
            after = page["next"]
            if after is None:
                return outcome


def _of_samples(tiles: SampleTiles, template: str | None, panel: str | None, law: Law) -> Outcome:
    outcome = Outcome()
    drawn = list(_claimed(tiles, template, panel))
    if not drawn:
        raise WrongUsage("no sample of such a template is made for such a panel")
    with progress_bar() as bar:
        for sample, spec in bar.track(drawn, description="Checking tiles"):
            tile = Tile(sample.template, sample.content, spec, sample.store)
            outcome.add(1, [law.words(tiles.renderer, sample.name, tile)])
    return outcome


def _claimed(
    tiles: SampleTiles, template: str | None, panel: str | None
) -> Iterator[tuple[Sample, PanelSpec]]:
    """Yield each sample with the panels that its template is made for."""
    panels = [panel_spec(panel)] if panel else list(SURFACES)
    for sample in tiles.samples:
        if template in {None, sample.template}:
            fitting = (spec for spec in panels if tiles.renderer.claims(sample.template, spec))
            yield from ((sample, spec) for spec in fitting)
