"""Codes on whole tiles: drawn from a template's words, and read from a photograph."""

from types import MappingProxyType

import pytest

from label_templates.bundles import Bundle
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer
from tests.camera import BLURS, codes, photographed

STORE = StoreWords(id="0001", tz="America/New_York", currency="USD", locale="en-US")
GTIN = "012345000058"
LINK = "https://id.gs1.org/01/00012345000058"


def drawn(markup: str, panel: str = "epd-2.9-bw", **more: str) -> Frame:
    bundle = Bundle(MappingProxyType({"price/codes": f"<tile pad='2'>{markup}</tile>"}))
    content = TileContent.model_validate(
        {"sku": "1", "name": "Tea", "price": 199, "gtin": GTIN, **more}
    )
    return Renderer(bundle).render("price/codes", content, panel_spec(panel), STORE)


@pytest.mark.parametrize("panel", ["epd-2.9-bw", "epd-4.2-bwr", "lcd-st7789", "paper-70x37"])
@pytest.mark.parametrize("blur", BLURS)
def test_a_tile_carries_its_products_link_and_barcode(panel: str, blur: float) -> None:
    frame = drawn(
        "<row><qr>{{ gtin | digital_link }}</qr>"
        '<barcode form="short" height="40" grow="1">{{ gtin }}</barcode></row>',
        panel,
    )
    assert codes(photographed(frame, blur)) == {LINK, GTIN.zfill(13)}


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ('{{ gtin | digital_link("https://shop.example/p") }}',
         "https://shop.example/p/01/00012345000058"),
        ("{{ gtin | digital_link | upper }}", LINK.upper()),
        ("https://shop.example/{{ sku }}", "https://shop.example/1"),
        ("https://shop.example/?q={{ name }}", "https://shop.example/?q=<b>&amp;"),
    ],
)  # fmt: skip
def test_a_template_says_where_its_link_leads(words: str, link: str) -> None:
    frame = drawn(f"<qr>{words}</qr>", name="<b>&amp;")
    assert codes(photographed(frame, 1.0)) == {link}
