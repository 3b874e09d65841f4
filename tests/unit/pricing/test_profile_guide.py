"""The examples of docs/import-profiles.md are read as the page says."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.services import Services
from tests.book import open_book

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "import-profiles.md").read_text("utf-8")
LIST = """Cjenik trgovine 17
Šifra;Naziv;JM;MPC;Akcija;Akcija do;Polica
00101;Kruh bijeli;KOM;1,99;1,49;05.07.2026.;7
00102;Limun;KG;2,49;;;3
"""


def _example(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path, rows=())
    yield services
    services.close()


def test_a_tills_own_list_is_read_by_the_profile(book: Services) -> None:
    source = io.BytesIO(LIST.encode("cp1250"))
    report = book.import_prices(store="0204", source=source, profile=_example("toml"), actor="ana")
    assert (report.new, report.refused) == (2, 0)
    bread, lemon = (book.product(sku=sku, store="0204") for sku in ("00101", "00102"))
    assert (bread.name, bread.category, bread.weighed) == ("Kruh bijeli", "Pekara", False)
    assert lemon.weighed
    assert bread.price
    assert (bread.price.regular, bread.price.effective) == (199, 149)


def test_our_own_format_is_read_as_it_stands(book: Services) -> None:
    source = io.BytesIO(_example("csv").encode())
    report = book.import_prices(store="0204", source=source, format="csv", actor="ana")
    assert (report.new, report.refused) == (3, 0)
    hearts, bananas = (book.product(sku=sku, store="0204") for sku in ("10034", "4011"))
    assert hearts.price
    assert (hearts.price.regular, hearts.price.effective) == (399, 329)
    assert bananas.weighed
