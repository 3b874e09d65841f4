"""A shelf that is told to draw with another template bundle, fetched over real HTTP."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.manifest import sha256_of
from label_templates.bundles.specimens import FACTS, photo
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Tile
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer
from shelf_agent.bundles.fetching import Fetcher
from shelf_agent.bundles.store import BundleStore
from shelf_agent.displays import drawing
from shelf_agent.errors import BundleFault, SettingsError
from simulators.iothub.server.hub import SimulatedHub
from tests.integration.agent.depot import Depot, open_depot
from tests.integration.agent.shop import PANEL, Shop, shows, soon
from tests.integration.iothub.clients import until
from tests.unit.agent.cloud import FIRST, SECOND, STORE, tile

pytestmark = pytest.mark.integration

PLAIN = (
    '<tile pad="6"><text name="name" size="12-20" ellipsis="yes">{{ name }}</text>'
    '<price name="price" size="30-70" grow="1">{{ price | money }}</price></tile>'
)
ORIGIN = '{% if facts %}<text name="origin" size="14">{{ facts.origin }}</text>{% endif %}'
PHOTO = '{% if image %}<image name="photo" width="40" height="40">{{ image }}</image>{% endif %}'
FULL = PLAIN.replace("</tile>", f"{ORIGIN}{PHOTO}</tile>")
OTHER = Bundle(
    {"price/standard": FULL, "price/promotion": PLAIN},
    {"facts/1001.json": FACTS, "images/1001.png": photo()},
)
BOTH = {FIRST: tile(199), SECOND: tile(349)}


@pytest.fixture
def depot() -> Iterator[Depot]:
    with open_depot() as depot:
        yield depot


def anew(
    rev: int, facts: str = sha256_of(FACTS), image: str = sha256_of(photo())
) -> dict[str, Tile]:
    """Both tiles at a later revision, the first with product facts and a photo."""
    first = tile(199, rev=rev)
    content = first.now.model_copy(update={"facts": facts, "image": image})
    return {FIRST: first.model_copy(update={"now": content}), SECOND: tile(349, rev=rev)}


def wanted(bundle: Bundle, shown: Tile) -> Frame:
    """The frame that a bundle draws of what a tile shows now."""
    return Renderer(bundle).render(shown.tpl, shown.now, panel_spec(PANEL), STORE)


def glass(shop: Shop) -> list[bytes]:
    return [shop.glass(position).read_bytes() for position in (FIRST, SECOND)]


async def test_a_shelf_fetches_a_bundle_and_hangs_its_pixels(shop: Shop, depot: Depot) -> None:
    shop.fetch_from(depot.address)
    depot.serve(OTHER)
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        tiles = anew(2)
        await asyncio.to_thread(shop.desire, tiles, 2, OTHER.digest)
        reported = await shop.until(lambda twin: twin["seal"]["rev"] == 2)
        reported = await shop.until(lambda twin: twin["tiles"][SECOND]["rev"] == 2)
    assert shop.frame(FIRST) == wanted(OTHER, tiles[FIRST])
    assert (
        shop.frame(SECOND)
        == wanted(OTHER, tiles[SECOND])
        != wanted(installed_bundle(), BOTH[SECOND])
    )
    assert reported["tiles"][FIRST]["frame"] == wanted(OTHER, tiles[FIRST]).digest()
    assert reported["seal"]["bundle"] == OTHER.digest
    assert len(depot.asked) == len(set(depot.asked)) == 1 + len(OTHER.manifest.parts)


async def test_an_unknown_bundle_leaves_the_shelf_as_it_was_and_is_reported(
    shop: Shop, depot: Depot
) -> None:
    shop.fetch_from(depot.address)
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        before = glass(shop)
        await asyncio.to_thread(shop.desire, anew(2), 2, OTHER.digest)
        reported = await shop.until(lambda twin: twin["seal"].get("refused"))
        assert reported["seal"]["refused"] == (
            f"the template bundle {OTHER.digest[:19]} could not be fetched:"
            f" GET {depot.address}/v1/bundles/{OTHER.digest} answers 404"
        )
        assert (reported["seal"]["rev"], reported["seal"]["lacks"]) == (1, OTHER.digest)
        assert reported["seal"]["bundle"] == installed_bundle().digest
        assert glass(shop) == before
        depot.serve(OTHER)
        await shop.until(lambda twin: twin["seal"]["rev"] == 2 and "refused" not in twin["seal"])


async def test_a_broken_blob_leaves_the_shelf_as_it_was_and_only_it_is_fetched_again(
    shop: Shop, depot: Depot
) -> None:
    shop.fetch_from(depot.address)
    depot.serve(OTHER)
    broken = f"/v1/blobs/{sha256_of(photo())}"
    depot.bodies[broken] = photo()[:-1] + b"\0"
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        before = glass(shop)
        await asyncio.to_thread(shop.desire, anew(2), 2, OTHER.digest)
        reported = await shop.until(lambda twin: twin["seal"].get("refused"))
        assert "its bytes are not those it is named after" in reported["seal"]["refused"]
        assert glass(shop) == before
        asked = len(depot.asked)
        depot.serve(OTHER)
        await shop.until(lambda twin: twin["seal"]["rev"] == 2)
    again = depot.asked[asked:]
    assert broken in again
    assert set(again) <= {broken, f"/v1/bundles/{OTHER.digest}"}


async def test_a_bundle_that_this_agent_cannot_draw_with_is_not_taken(
    shop: Shop, depot: Depot
) -> None:
    shop.fetch_from(depot.address)
    strange = Bundle({"price/standard": "<tile><hologram/></tile>"})
    depot.serve(strange)
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        before = glass(shop)
        await asyncio.to_thread(shop.desire, anew(2), 2, strange.digest)
        reported = await shop.until(lambda twin: twin["seal"].get("refused"))
        assert "template price/standard, line 1" in reported["seal"]["refused"]
        assert "hologram" in reported["seal"]["refused"]
        assert glass(shop) == before


async def test_restarted_without_network_a_shelf_draws_with_the_bundle_on_its_disk(
    shop: Shop, depot: Depot
) -> None:
    shop.fetch_from(depot.address)
    depot.serve(OTHER)
    six = soon(9)
    flips = tile(199, rev=1, flips={six: 149})
    shop.desire({FIRST: flips, SECOND: tile(349)}, 1, OTHER.digest)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
    shop.write_settings(f"HostName=127.0.0.1;DeviceId={shop.device};SharedAccessKey=d3Jvbmc=")
    shop.fetch_from("http://127.0.0.1:9")
    shop.glass(SECOND).unlink()
    async with shop.agent():
        await until(shop.glass(SECOND).exists)
        later = flips.showing_at(six)
        frame = Renderer(OTHER).render(later.tpl, later.content, panel_spec(PANEL), STORE)
        await until(lambda: shop.frame(FIRST) == frame)
    assert soon(0) >= six
    assert shop.frame(SECOND) == wanted(OTHER, tile(349))


async def test_a_file_that_a_tile_names_and_the_bundle_lacks_fails_that_tile_alone(
    shop: Shop, depot: Depot
) -> None:
    shop.fetch_from(depot.address)
    depot.serve(OTHER)
    shop.desire(anew(1, facts="0" * 64), 1, OTHER.digest)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        reported = await shop.until(lambda twin: twin["tiles"][FIRST]["state"] == "failed")
    why = "template price/standard: the bundle has no file 000000000000"
    assert reported["tiles"][FIRST]["why"] == why


@pytest.mark.parametrize("what", ["a template", "product facts"])
async def test_a_file_that_broke_on_the_disk_is_fetched_anew_and_alone(
    shop: Shop, depot: Depot, what: str
) -> None:
    shop.fetch_from(depot.address)
    depot.serve(OTHER)
    shop.desire(anew(1), 1, OTHER.digest)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
    part = (OTHER.manifest.templates["price/standard"] if what == "a template"
            else OTHER.manifest.files["facts/1001.json"])  # fmt: skip
    blob = shop.folder / "state" / "bundles" / "blobs" / part.sha256[:2] / part.sha256
    blob.write_bytes(blob.read_bytes()[:-1] + b"?")
    drawing._renderers.clear()
    asked = len(depot.asked)
    both = {**anew(2), SECOND: tile(299, rev=2)}
    await asyncio.to_thread(shop.desire, both, 2, OTHER.digest)
    async with shop.agent():
        await shop.until(shows(SECOND, 299))
        await shop.until(lambda twin: twin["tiles"][FIRST]["rev"] == 2)
    assert shop.frame(FIRST) == wanted(OTHER, both[FIRST])
    assert set(depot.asked[asked:]) == {f"/v1/bundles/{OTHER.digest}", f"/v1/blobs/{part.sha256}"}


async def test_a_shelf_without_an_address_for_bundles_says_so(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        await asyncio.to_thread(shop.desire, anew(2), 2, OTHER.digest)
        reported = await shop.until(lambda twin: twin["seal"].get("refused"))
    assert "this device has no address for bundles" in reported["seal"]["refused"]


@pytest.fixture
def store(tmp_path: Path) -> BundleStore:
    store = BundleStore(tmp_path / "store", 2**20)
    store.prepare(installed_bundle())
    return store


async def test_an_answer_that_is_longer_than_it_may_be_is_cut_off(
    store: BundleStore, depot: Depot
) -> None:
    depot.serve(OTHER)
    depot.bodies[f"/v1/blobs/{sha256_of(FACTS)}"] = FACTS * 1000
    with pytest.raises(BundleFault, match=f"answers more than {len(FACTS)} bytes"):
        await Fetcher(depot.address, None, store).fetch(OTHER.digest)


async def test_a_manifest_of_another_bundle_is_refused(store: BundleStore, depot: Depot) -> None:
    depot.bodies[f"/v1/bundles/{OTHER.digest}"] = installed_bundle().manifest.canonical
    with pytest.raises(BundleFault, match="its bytes are those of"):
        await Fetcher(depot.address, None, store).fetch(OTHER.digest)
    assert depot.asked == [f"/v1/bundles/{OTHER.digest}"]


async def test_bundles_come_by_https_from_a_server_that_is_trusted(
    store: BundleStore, simulated_hub: SimulatedHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    folder = simulated_hub.folder
    tls.load_cert_chain(folder / "server.pem", folder / "server-key.pem")
    with open_depot(tls) as depot:
        depot.serve(OTHER)
        bundle = await Fetcher(depot.address, simulated_hub.ca_file, store).fetch(OTHER.digest)
        assert bundle.asset(sha256_of(FACTS)) == FACTS
        with pytest.raises(BundleFault, match="certificate"):
            await Fetcher(depot.address, None, store).fetch(installed_bundle().digest)
    with pytest.raises(SettingsError, match=r"bundles_trust: .*none\.pem: No such file"):
        Fetcher(depot.address, tmp_path / "none.pem", store)


async def test_a_server_that_is_not_there_is_named(store: BundleStore) -> None:
    with pytest.raises(BundleFault, match=r"GET http://127\.0\.0\.1:9/v1/bundles/sha256"):
        await Fetcher("http://127.0.0.1:9", None, store).fetch(OTHER.digest)
