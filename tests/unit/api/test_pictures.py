"""Pictures are the renderer's own pixels, and browsers may keep them as long as they are true."""

from cloud_service.services import Services
from label_templates.drawing.frame import Frame
from tests.unit.api.conftest import Caller

TILE = "/stores/0204/tiles/b01-s1-p01"


def test_the_wanted_picture_is_what_the_services_draw(reader: Caller, services: Services) -> None:
    answer = reader("GET", f"{TILE}/wanted-image")
    wanted = services.wanted_image(store="0204", position="b01-s1-p01")
    assert wanted is not None
    frame, tag = wanted
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"] == f'"{tag}"'
    assert Frame.read_png(answer.content, frame.inks) == frame


def test_a_tile_names_its_picture_by_an_address_that_may_be_kept_for_ever(reader: Caller) -> None:
    address = reader("GET", TILE).json()["wanted"]["image"].removeprefix("/v1")
    assert "immutable" in reader("GET", address).headers["Cache-Control"]
    assert "no-cache" in reader("GET", f"{TILE}/wanted-image").headers["Cache-Control"]
    assert "no-cache" in reader("GET", f"{TILE}/wanted-image?tag=old").headers["Cache-Control"]


def test_a_picture_that_did_not_change_is_not_sent_again(reader: Caller) -> None:
    etag = reader("GET", f"{TILE}/wanted-image").headers["ETag"]
    again = reader("GET", f"{TILE}/wanted-image", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_shelf_that_confirmed_nothing_has_no_picture(reader: Caller) -> None:
    answer = reader("GET", f"{TILE}/image")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:edge-shelf:no-picture"
    assert reader("GET", "/stores/0204/tiles/b02-s1-p02/wanted-image").status_code == 404


def test_a_preview_shows_another_price_and_changes_nothing(reader: Caller) -> None:
    before = reader("GET", "/stores/0204/prices/4711").json()
    now = reader("GET", f"{TILE}/preview")
    then = reader("GET", f"{TILE}/preview?amount_minor=99")
    assert now.content != then.content
    assert reader("GET", "/stores/0204/prices/4711").json() == before


def test_a_product_is_previewed_on_any_panel(reader: Caller) -> None:
    path = "/stores/0204/products/4711/preview"
    wide = reader("GET", f"{path}?panel=epd-2.9-bwr&amount_minor=99")
    assert wide.content == reader("GET", f"{TILE}/preview?amount_minor=99").content
    unknown = reader("GET", f"{path}?panel=crt")
    assert unknown.status_code == 422
    assert "epd-2.9-bwr" in unknown.json()["detail"]
    assert reader("GET", f"{path}?panel=epd-2.9-bwr&amount_minor=0").status_code == 422
