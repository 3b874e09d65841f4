"""Another template bundle for a running store: every shelf fetches it and hangs its pixels."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.manifest import sha256_of
from label_templates.bundles.packing import write_folder
from label_templates.bundles.specimens import photo
from tests.e2e.shelf import Api, hanging
from tests.e2e.shop import Shop, open_shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

STORE, TILES = "1001", 12
LOGO = f'<image name="logo" width="16" height="16">{sha256_of(photo())}</image>'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, Api]]:
    """A shop of two devices."""
    folder = tmp_path_factory.mktemp("bundles") / "shop"
    options = ("--devices", "2", "--tiles", "6", "--port", "8043", "--rest-port", "8453")
    with (
        open_shop(folder, *options, host="127.0.0.43", seconds=600) as shop,
        Api.of(shop) as api,
    ):
        shop.wait_until_converged(TILES)
        yield shop, api


def with_a_logo() -> Bundle:
    """The installed templates, but for a plain standard tile with a picture on it."""
    plain = (
        f'<tile pad="3" gap="2"><row gap="4">{LOGO}<text name="name" size="11-20" ellipsis="yes"'
        ' grow="1">{{ name }}</text></row>'
        '<price name="price" size="20-90" grow="1" least="60">{{ price | money }}</price>'
        '{% if unit_price %}<text name="unit-price" size="12">'
        "{{ unit_price | unit_price(unit_measure, unit_in_cents) }}</text>{% endif %}</tile>"
    )
    sources = {**installed_bundle().sources, "price/standard": plain}
    return Bundle(sources, {"images/logo.png": photo()})


def not_as_drawn(running: Shop, api: Api) -> list[str]:
    """Return the tiles that are not proved, or hang other pixels than the console draws."""
    return [
        tile["position"]
        for tile in api.tiles(STORE)
        if not tile["proved"]
        or hanging(running, tile)
        != api.picture(f"/v1/stores/{STORE}/tiles/{tile['position']}/wanted-image", tile["panel"])
    ]


def test_every_shelf_fetches_a_bundle_and_hangs_what_the_console_draws(
    shop: tuple[Shop, Api], tmp_path: Path
) -> None:
    running, api = shop
    before = {tile["position"]: hanging(running, tile) for tile in api.tiles(STORE)}
    write_folder(with_a_logo(), tmp_path / "logo")
    packed = str(tmp_path / "logo.bundle.zip")
    running.ask("bundles", "pack", str(tmp_path / "logo"), "-o", packed)
    running.ask("bundles", "add", packed)
    (used,) = running.ask("bundles", "use", packed, "--store", STORE)
    assert used["tiles"] == TILES
    running.wait_until_converged(TILES)
    assert not_as_drawn(running, api) == []
    after = {tile["position"]: hanging(running, tile) for tile in api.tiles(STORE)}
    assert any(after[position] != before[position] for position in after)
    assert {device["bundle"] for device in running.ask("devices", "list")} == {used["bundle"]}
    running.ask("bundles", "use", "installed")
    running.wait_until_converged(TILES)
    back = {tile["position"]: hanging(running, tile) for tile in api.tiles(STORE)}
    assert back == before
