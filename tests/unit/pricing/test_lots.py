"""Many rows read at once come out as they do one by one."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.catalog.products import folded_facts
from cloud_service.pricing.imports.csv import COLUMNS, CSV, REQUIRED
from cloud_service.pricing.imports.lots import folded_column, read_gtins
from cloud_service.pricing.imports.mapping import mapped_kind, parse_profile
from cloud_service.pricing.imports.rows import (
    Kind,
    Manner,
    Place,
    Profile,
    RowRefused,
    StagedRow,
)
from label_templates.contract.identifiers import check_digit

ZAGREB = Place("EUR", "Europe/Zagreb")
MAPPED = mapped_kind(parse_profile("""
[columns]
sku = "Sifra"
name = "Naziv"
price = "MPC"
unit = "JM"
[words.unit]
KOM = "ea"
[constants]
category = "Pekara"
"""))  # fmt: skip


def _gtins() -> st.SearchStrategy[str]:
    bodies = st.sampled_from((7, 11, 12, 13)).flatmap(
        lambda length: st.text("0123456789", min_size=length, max_size=length)
    )
    return bodies.map(lambda body: body + check_digit(body))


TEXTS = st.sampled_from(("Kečap", "Sok  1l", " Limun ", "Đak", "ﬁ\u00a0ß", "#N/A", "Nr #1", "a\n"))
AMOUNTS = st.sampled_from(("1.99", "0.50", "12", "1,99", "", "-1"))
CELLS = {
    "sku": st.sampled_from(("4711", "0815", "a-1", '="007"', "", "š")),
    "gtin": _gtins() | st.sampled_from(("", "4011", "3850334020803", '="3850334020802"')),
    "name": TEXTS | st.text(max_size=9),
    "brand": TEXTS | st.just("") | st.text(max_size=9),
    "size": st.sampled_from(("500 g", "2 x 90 g", "", "x" * 121)),
    "net": st.sampled_from(("0.3 kg", "", "", "much")),
    "unit": st.sampled_from(("ea", "kg", "", "", "crate")),
    "category": TEXTS | st.just(""),
    "price": AMOUNTS,
    "special_price": st.just("") | AMOUNTS,
    "special_until": st.sampled_from(("", "", "2026-07-05", "soon")),
}
GOOD = {
    "sku": st.sampled_from(("4711", "a-1")),
    "gtin": _gtins() | st.just(""),
    "name": st.sampled_from(("Kečap", "Limun  žuti", "Juice")),
    "brand": st.sampled_from(("", "Ribar", "Žitar", "ﬁ")),
    "size": st.sampled_from(("500 g", "2 x 90 g", "")),
    "unit": st.sampled_from(("ea", "kg", "")),
    "price": st.sampled_from(("1.99", "12")),
    "special_price": st.sampled_from(("", "0.99")),
}


def _rows(cells: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(*cells.values()), min_size=1, max_size=5)


def _opened(kind: Kind, header: Sequence[str], *, repair: bool = False) -> Profile:
    return kind.profile(header, ZAGREB, Manner(repair=repair))


def _one_by_one(profile: Profile, rows: Sequence[Sequence[str]]) -> list[StagedRow]:
    return [profile.reader(number, cells) for number, cells in enumerate(rows, 2)]


def _at_once(profile: Profile, rows: Sequence[Sequence[str]]) -> list[StagedRow]:
    assert profile.lot_reader is not None
    columns = list(zip(*rows, strict=True))
    lot = profile.lot_reader(range(2, len(rows) + 2), columns)
    return [StagedRow(*row) for row in zip(*lot, strict=True)]


def _outcome(
    read: Callable[[Profile, Sequence[Sequence[str]]], list[StagedRow]],
    profile: Profile,
    rows: Sequence[Sequence[str]],
) -> tuple[list[StagedRow], tuple[str, ...]] | None:
    """Return the rows and what was noted; None where one was refused."""
    with suppress(RowRefused):
        return read(profile, rows), profile.notes.lines()
    return None


@given(_rows(CELLS))
def test_a_lot_is_refused_where_a_row_is_and_is_else_what_its_rows_are(
    rows: list[tuple[str, ...]],
) -> None:
    header = tuple(CELLS)
    alone = _outcome(_one_by_one, _opened(CSV, header), rows)
    assert _outcome(_at_once, _opened(CSV, header), rows) == alone


@given(_rows(GOOD))
def test_good_rows_are_the_same_at_once_as_one_by_one(rows: list[tuple[str, ...]]) -> None:
    header = tuple(GOOD)
    expected = _outcome(_one_by_one, _opened(CSV, header), rows)
    assert expected is not None
    assert _outcome(_at_once, _opened(CSV, header), rows) == expected


@given(st.lists(st.tuples(TEXTS, TEXTS, AMOUNTS, st.sampled_from(("KOM", " kg", "ea", "?")))))
def test_lists_of_other_columns_are_read_at_once_as_well(rows: list[tuple[str, ...]]) -> None:
    rows = [("Sifra", *row) for row in rows] or [("Sifra", "Limun", "x", "1.99", "KOM")]
    header = ("Sifra", "Naziv", "Odjel", "MPC", "JM")
    alone = _outcome(_one_by_one, _opened(MAPPED, header), rows)
    assert _outcome(_at_once, _opened(MAPPED, header), rows) == alone


def test_a_lot_that_is_refused_has_noted_nothing() -> None:
    header = ("sku", "name", "size", "price")
    profile = _opened(CSV, header)
    rows = [("1", "Yoghurt", "2 x 90 g", "1.99"), ("2", "Juice", "", "much")]
    with pytest.raises(RowRefused):
        _at_once(profile, rows)
    assert profile.notes.lines() == ()


def test_a_lot_with_a_gtin_to_repair_is_left_to_its_rows() -> None:
    header = (*REQUIRED, "gtin")
    rows = [("1", "Juice", "1.99", "36000291452")]
    profile = _opened(CSV, header, repair=True)
    with pytest.raises(RowRefused):
        _at_once(profile, rows)
    assert _one_by_one(profile, rows)[0].gtin == "036000291452"


@given(st.lists(_gtins() | st.just("")))
def test_gtins_are_known_by_their_check_digits(gtins: list[str]) -> None:
    assert list(read_gtins("gtin", gtins)) == [gtin or None for gtin in gtins]


@given(st.lists(_gtins(), min_size=1), st.data())
def test_one_wrong_digit_among_many_gtins_is_found(gtins: list[str], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(gtins) - 1))
    place = data.draw(st.integers(0, len(gtins[row]) - 1))
    wrong = data.draw(
        st.sampled_from([digit for digit in "0123456789" if digit != gtins[row][place]])
    )
    gtins[row] = gtins[row][:place] + wrong + gtins[row][place + 1 :]
    with pytest.raises(RowRefused, match=gtins[row]):
        read_gtins("gtin", gtins)


@given(st.lists(st.tuples(st.text(), st.text())))
def test_names_are_folded_together_as_one_by_one(facts: list[tuple[str, str]]) -> None:
    names, brands = [name for name, _ in facts], [brand for _, brand in facts]
    expected = [folded_facts(name, brand) for name, brand in facts]
    assert list(folded_column(names, brands)) == expected


def test_every_column_of_ours_can_be_read_at_once() -> None:
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {"sku": "1", "name": "Juice", "price": "2.00", "multi_quantity": "2",
              "multi_price": "3.00", "multi_from": "2026-07-01", "reference_price": "1.00",
              "reference_date": "2025-05-02"}  # fmt: skip
    rows = [tuple(cells.values())] * 2
    alone = _outcome(_one_by_one, _opened(CSV, COLUMNS), rows)
    assert alone is not None
    assert _outcome(_at_once, _opened(CSV, COLUMNS), rows) == alone
