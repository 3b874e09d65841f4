"""A price book to try things on: services over a database of its own, and a clock that obeys."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cloud_service.changes.publishing import Author
from cloud_service.clock import FixedClock
from cloud_service.services import Services, open_services
from cloud_service.services.views.imports import ImportReport
from cloud_service.settings import Settings

NOON = 1_782_000_000
"""21 June 2026, 00:00 UTC."""

NOW_AUTHOR = Author("ana", "", NOON)

ROWS = (
    {"sku": "4711", "gtin": "3850334020802", "name": "Kečap blagi", "brand": "Ribar",
     "size": "500 g", "category": "Hrana", "price": "1.99"},
    {"sku": "0815", "gtin": "036000291452", "name": "Brašno glatko", "brand": "Žitar",
     "size": "1 kg", "category": "Hrana", "price": "0.99"},
    {"sku": "4053", "name": "Limun", "unit": "kg", "category": "Voće", "price": "2.49"},
)  # fmt: skip


def settings_in(folder: Path) -> Settings:
    """Return settings for a folder: SQLite in it, or the database that the environment names."""
    return Settings(data_dir=folder)


def open_book(
    folder: Path, clock: FixedClock | None = None, rows: Sequence[Mapping[str, str]] = ROWS
) -> Services:
    """Open services with one store, 0204 in Zagreb, that sells three products."""
    settings = settings_in(folder)
    if settings.database_url is None:
        (folder / "edge-shelf.db").write_bytes(_empty_database())
    services = open_services(settings, clock or FixedClock(NOON))
    add_store(services, "0204")
    if rows:
        take(services, "0204", rows)
    return services


@cache
def _empty_database() -> bytes:
    """Return a database as the migrations leave it; making one anew takes a tenth of a second."""
    with TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        open_services(settings, FixedClock(NOON)).close()
        return (Path(folder) / "edge-shelf.db").read_bytes()


def add_store(services: Services, store: str, jurisdiction: str = "HR") -> None:
    services.add_store(
        id=store,
        name=f"Store {store}",
        tz="Europe/Zagreb",
        currency="EUR",
        locale="hr-HR",
        jurisdiction=jurisdiction,
        actor="ana",
    )


def as_csv(rows: Sequence[Mapping[str, str]]) -> io.BytesIO:
    """Write rows as a file of our own format, with the columns that any row has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def take(
    services: Services, store: str, rows: Sequence[Mapping[str, str]], *, go_on: bool = False
) -> ImportReport:
    """Import rows of our own format."""
    return services.import_prices(
        store=store,
        source=as_csv(rows),
        format="csv",
        actor="ana",
        on_error="continue" if go_on else "stop",
    )


def hang(services: Services, store: str, *skus: str | None, device: str = "d1") -> None:
    """Hang products side by side on one device."""
    services.add_planogram(
        store=store,
        positions=[
            (f"b01-s1-p{place:02}", device, "epd-2.9-bwr", sku) for place, sku in enumerate(skus, 1)
        ],
        actor="ana",
    )
