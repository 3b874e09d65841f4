"""A photo is a box with a name: layout never opens it, and errors name its node."""

import dataclasses
import hashlib
from typing import Any

import pytest

from label_templates.bundles import Bundle
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.layout.errors import AssetError, FitError, MarkupError
from label_templates.layout.node import Mark, Photo
from label_templates.render import Renderer
from tests.unit.drawing.pictures import file_of, gradient

STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
PHOTO = file_of(gradient(40, 30))
DIGEST = hashlib.sha256(PHOTO).hexdigest()
PANEL = panel_spec("epd-7.3-e6")


def renderer(markup: str) -> Renderer:
    return Renderer(Bundle({"a/b": f"<tile>\n{markup}\n</tile>"}, {"images/photo.png": PHOTO}))


def tile(**more: Any) -> TileContent:
    words = {"sku": "1", "name": "Kava", "price": 199, "image": DIGEST, **more}
    return TileContent.model_validate(words)


def marks(markup: str, **more: Any) -> list[Mark]:
    return renderer(markup).marks("a/b", tile(**more), PANEL, STORE)


def test_a_photo_fills_the_box_that_its_attributes_ask_for() -> None:
    (photo,) = marks('<image name="photo" height="120" width="200">{{ image }}</image>')
    assert isinstance(photo, Photo)
    assert (photo.x, photo.y, photo.width, photo.height) == (0, 0, 800, 120)
    assert (photo.digest, photo.fit, photo.align, photo.valign) == (
        DIGEST, "contain", "center", "center",
    )  # fmt: skip
    (grown,) = marks('<image fit="cover" valign="end" ground="red" grow="1">{{ image }}</image>')
    assert isinstance(grown, Photo)
    assert (grown.width, grown.height, grown.fit, grown.valign) == (800, 480, "cover", "end")
    assert grown.ground == 2


def test_a_template_may_name_a_file_of_its_bundle() -> None:
    (photo,) = marks(f'<image grow="1">{DIGEST}</image>')
    assert isinstance(photo, Photo)
    assert photo.digest == DIGEST


def test_a_flag_may_stand_on_a_photo() -> None:
    drawn = marks(
        '<stack grow="1"><image fit="cover">{{ image }}</image><row align="start">'
        '<badge ground="red">-20 %</badge></row></stack>'
    )
    assert [type(mark).__name__ for mark in drawn] == ["Photo", "Fill", "Run"]


def test_a_photo_without_room_is_named() -> None:
    with pytest.raises(FitError, match=r'line 2, image "photo": .* give it width, height or grow'):
        marks('<image name="photo">{{ image }}</image>')


@pytest.mark.parametrize("name", ["", "{{ name }}", DIGEST.upper(), "photo.png"])
def test_a_photo_is_named_by_its_hash_alone(name: str) -> None:
    with pytest.raises(AssetError, match=r"line 2, image: '.*' is not the SHA-256 of a file"):
        marks(f'<image grow="1">{name}</image>')


def test_a_photo_that_the_bundle_lacks_is_named_with_template_line_and_node() -> None:
    missing = tile(image="0" * 64)
    with pytest.raises(AssetError) as raised:
        renderer('<image name="photo" grow="1">{{ image }}</image>').render(
            "a/b", missing, PANEL, STORE
        )
    assert str(raised.value).startswith(
        'template a/b, line 2, image "photo": photo 000000000000: the bundle has no file'
    )


def test_a_photo_holds_no_elements_and_knows_two_ways_to_fit() -> None:
    with pytest.raises(MarkupError, match="<image> holds no elements"):
        marks("<image><text>a</text></image>")
    with pytest.raises(MarkupError, match='fit="stretch" is not one of contain, cover'):
        marks('<image fit="stretch">{{ image }}</image>')


def test_words_beside_a_photo_are_drawn_in_pure_ink() -> None:
    photo = '<image grow="1">{{ image }}</image>'
    page = renderer(f'<row grow="1" gap="40">{photo}<text size="40">Kava</text></row>')
    frame = page.render("a/b", tile(), PANEL, STORE)
    right = {
        frame.indices[y * 800 + x]
        for y in range(480)
        for x in range(700, 800)
    }  # fmt: skip
    assert right == {PANEL.inks.index("white"), PANEL.inks.index("black")}


def test_a_photo_on_an_lcd_uses_the_cube_and_words_do_not() -> None:
    lcd = panel_spec("lcd-st7789")
    page = renderer('<image height="100">{{ image }}</image><text size="30">Kava</text>')
    frame = page.render("a/b", tile(), lcd, STORE)
    assert frame.cubed
    below = dataclasses.replace(frame, height=140, indices=frame.indices[320 * 100 :])
    assert not below.cubed
