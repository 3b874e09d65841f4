"""Reading a column of many cells at once, where nothing about them is out of the ordinary.

Most cells of most lists need no attention, and a look at all of a column together finds that out
for a fraction of what a look at each costs. Where it does not, each is read by itself: by cells.py
and gtins.py, which alone say what a cell means. Cells are stripped already.
"""

from collections.abc import Iterable, Sequence

from cloud_service.catalog.products import fold, folded_facts
from cloud_service.pricing.imports.cells import MAX_SKU, MAX_TEXT, read_sku, read_text
from cloud_service.pricing.imports.gtins import read_gtin
from label_templates.contract.identifiers import GTIN_LENGTHS

_VALUES = bytes(max(0, byte - ord("0")) for byte in range(256))
"""A digit's value, by its byte."""
_LAST_DIGIT = bytes(byte % 10 for byte in range(256))


def read_skus(column: str, cells: Sequence[str]) -> Sequence[str]:
    """Return SKUs; raise RowRefused as read_sku does."""
    joined = "".join(cells)
    if all(cells) and joined.isascii() and joined.isalnum() and _longest(cells) <= MAX_SKU:
        return cells
    return [read_sku(column, cell) for cell in cells]


def read_texts(column: str, cells: Sequence[str]) -> Sequence[str]:
    """Return texts that a tile can print; raise RowRefused as read_text does."""
    if all(cells) and _are_plain(cells):
        return cells
    return [read_text(column, cell) for cell in cells]


def read_texts_or_none(column: str, cells: Sequence[str]) -> Sequence[str | None]:
    """Return texts, None for an empty cell; raise RowRefused as read_text does."""
    if _are_plain(cells):
        return cells if all(cells) else [cell or None for cell in cells]
    return [read_text(column, cell) if cell else None for cell in cells]


def read_gtins(column: str, cells: Sequence[str]) -> Sequence[str | None]:
    """Return GTINs, None for an empty cell; raise RowRefused as read_gtin does, unrepaired."""
    lengths = set(map(len, cells))
    if all(_are_gtins(cells, length) for length in lengths if length):
        return cells if 0 not in lengths else [cell or None for cell in cells]
    return [read_gtin(column, cell) if cell else None for cell in cells]


def folded_column(names: Sequence[str], brands: Sequence[str]) -> Sequence[str]:
    """Return what a search by words looks through, of each product."""
    if not all(brands):
        return list(map(folded_facts, names, brands))
    # A line's end combines with nothing, so lines are folded together as they are one by one.
    lines = fold("\n".join(map(" ".join, zip(names, brands, strict=True)))).split("\n")
    return lines if len(lines) == len(names) else list(map(folded_facts, names, brands))


def _are_plain(cells: Sequence[str]) -> bool:
    """Tell whether read_text would take every cell, unless it is empty, as it is."""
    joined = "".join(cells)
    odd = "  " in joined or "#" in joined or not joined.isprintable()
    return not odd and _longest(cells) <= MAX_TEXT


def _are_gtins(cells: Sequence[str], length: int) -> bool:
    """Tell whether the cells of a length are GTINs whose check digits are right.

    The rows' sums are worked out side by side, each in a byte of one long number: the greatest,
    of fourteen nines, is 252.
    """
    digits = "".join(cell for cell in cells if len(cell) == length).encode()
    if length not in GTIN_LENGTHS or not digits.isdigit():
        return False
    values = digits.translate(_VALUES)
    places = (values[place::length] for place in range(length))
    # The check digit weighs 1, the one before it 3, and so on in turn.
    sums = sum(
        int.from_bytes(column) * (3 if (length - place) % 2 == 0 else 1)
        for place, column in enumerate(places)
    )
    rows = len(digits) // length
    return not any(sums.to_bytes(rows).translate(_LAST_DIGIT))


def _longest(cells: Iterable[str]) -> int:
    return max(map(len, cells), default=0)
