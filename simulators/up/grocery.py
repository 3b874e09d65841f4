"""The made-up grocery store: its price list, in the product's own CSV format.

`grocery.csv` was written by hand and is read by nobody else. Brands are invented. GTINs start
with 4, which GS1 keeps for numbers used inside one company (General Specifications 1.4.3, prefixes
040 to 049), so none of them can be a real product's. Loose produce has its PLU as SKU and no GTIN.
Promotion windows are days counted from the day the list is made, so some always run, some are about
to start and some about to end.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files

from simulators.up.options import StoreFacts

_WINDOW = ("special_from", "special_until")


MADE_UP = StoreFacts(
    id="1001",
    name="Larkmoor Market, Elm Street",
    tz="America/New_York",
    currency="USD",
    locale="en-US",
    jurisdiction="US-NJ",
)
"""The store that sells the catalogue."""


def price_list(today: date) -> str:
    """Return the whole catalogue as a file for `edge-shelf prices import --format csv`."""
    rows = list(_rows(today))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _rows(today: date) -> Iterator[dict[str, str]]:
    text = files("simulators.up").joinpath("grocery.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        yield {**row, **{column: _instant(today, row[column]) for column in _WINDOW}}


def _instant(today: date, days: str) -> str:
    """Return midnight so many days from today, in the store's local time; empty stays empty."""
    return f"{today + timedelta(days=int(days))}T00:00" if days else ""
