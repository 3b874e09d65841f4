"""The whole agent: real device SDK, simulated hub, real renderer, pictures on disk."""

import asyncio
import logging

import pytest

from label_templates.contract import wire
from shelf_agent import settings
from shelf_agent.runtime import ShelfAgent
from tests.integration.agent.shop import PATIENCE_S, Shop, shows, soon, wanted_frame
from tests.integration.iothub.clients import until
from tests.unit.agent.cloud import FIRST, SECOND, tile

pytestmark = pytest.mark.integration

BOTH = {FIRST: tile(199), SECOND: tile(349)}


async def test_a_push_hangs_the_right_pixels_and_reports_their_digest(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        reported = await shop.until(shows(SECOND, 349))
        assert shop.frame(FIRST) == wanted_frame(BOTH[FIRST])
        assert reported["tiles"][FIRST]["frame"] == wanted_frame(BOTH[FIRST]).digest()
        cheaper = {FIRST: tile(179, rev=2), SECOND: tile(349)}
        await asyncio.to_thread(shop.desire, cheaper, 2)
        await shop.until(shows(FIRST, 179))
    assert shop.frame(FIRST) == wanted_frame(cheaper[FIRST])
    assert shop.frame(SECOND) == wanted_frame(BOTH[SECOND])


async def test_a_broken_seal_leaves_the_picture_as_it_was_and_is_reported(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(FIRST, 199))
        before = shop.glass(FIRST).read_bytes()
        forged = wire.write_desired(shop.seal({FIRST: tile(1, rev=2), SECOND: tile(349)}, rev=2))
        forged["tiles"][FIRST]["now"]["price"] = 2
        await asyncio.to_thread(shop.write, forged)
        reported = await shop.until(lambda twin: twin["seal"].get("refused"))
        assert "signature" in reported["seal"]["refused"]
        assert reported["seal"]["refused_rev"] == 2
        assert reported["seal"]["rev"] == 1
    assert shop.glass(FIRST).read_bytes() == before


async def test_a_wrong_key_is_named_and_not_tried_again_at_once(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    other = "HostName={};DeviceId={};SharedAccessKey={}".format(
        shop.hub.name, shop.device, "d3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXkhISE="
    )
    shop.write_settings(other)
    with caplog.at_level(logging.INFO, "shelf_agent"):
        async with shop.agent():
            await until_logged(caplog, "refuses this device")
            await asyncio.sleep(2)
    assert caplog.text.count("refuses this device") == 1
    assert "d3Jvbmcg" not in caplog.text


async def test_a_shelf_whose_key_is_wrong_goes_on_showing_what_it_showed(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
    before = [shop.glass(position).read_bytes() for position in BOTH]
    shop.desire({FIRST: tile(1, rev=2), SECOND: tile(1, rev=2)}, rev=2)
    shop.write_settings(f"HostName={shop.hub.name};DeviceId={shop.device};SharedAccessKey=d3Jvbmc=")
    async with shop.agent():
        await until_logged(caplog, "refuses this device")
    assert [shop.glass(position).read_bytes() for position in BOTH] == before
    assert shop.reported()["seal"]["rev"] == 1


async def test_a_tile_of_an_unknown_template_is_named_and_leaves_the_picture(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        before = shop.glass(FIRST).read_bytes()
        strange = tile(179, rev=2).model_copy(update={"tpl": "price/free"})
        both = {FIRST: strange, SECOND: tile(299, rev=2)}
        await asyncio.to_thread(shop.desire, both, 2)
        await shop.until(shows(SECOND, 299))
        reported = await shop.until(lambda twin: twin["tiles"][FIRST]["state"] == "failed")
    assert "unknown template 'price/free'" in reported["tiles"][FIRST]["why"]
    assert reported["tiles"][FIRST]["price"] == 199, "an ack says what hangs there"
    assert shop.glass(FIRST).read_bytes() == before


async def test_a_hub_that_is_not_trusted_is_named(
    shop: Shop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    written = shop.settings_file.read_text()
    shop.settings_file.write_text(
        "".join(line for line in written.splitlines(True) if not line.startswith("trust"))
    )
    async with shop.agent():
        await until_logged(caplog, "is not trusted; see `trust`")


async def test_without_network_a_restarted_shelf_shows_its_tiles_and_flips_on_time(
    shop: Shop,
) -> None:
    six = soon(8)
    tiles = {FIRST: tile(199, flips={six: 149}), SECOND: tile(349)}
    shop.desire(tiles, rev=1)
    async with shop.agent():
        await shop.until(shows(FIRST, 199))
    shop.glass(SECOND).unlink()
    offline = shop.write_settings(
        f"HostName=127.0.0.99;DeviceId={shop.device};SharedAccessKey=d3Jvbmc="
    )
    agent = ShelfAgent(settings.load(offline))
    running = asyncio.create_task(agent.run())
    await until(lambda: shop.glass(SECOND).exists())
    assert shop.frame(SECOND) == wanted_frame(tiles[SECOND])
    flipped = tile(149)
    await until(lambda: shop.frame(FIRST) == wanted_frame(flipped))
    agent.stop()
    await asyncio.wait_for(running, PATIENCE_S)


async def test_a_restarted_shelf_leaves_pictures_alone_that_still_hang(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
    before = shop.glass(FIRST).stat().st_mtime_ns
    async with shop.agent():
        cheaper = {FIRST: tile(199), SECOND: tile(299, rev=2)}
        await asyncio.to_thread(shop.desire, cheaper, 2)
        await shop.until(shows(SECOND, 299))
    assert shop.glass(FIRST).stat().st_mtime_ns == before


async def test_a_direct_method_redraws_a_panel_and_tells_how_the_shelf_is(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        shop.glass(FIRST).unlink()
        assert await shop.call("refresh", {"position": FIRST}) == (200, {"positions": [FIRST]})
        await until(lambda: shop.glass(FIRST).exists())
        status, words = await shop.call("status", {})
        assert (status, words["tiles"]) == (200, {"shown": 2})
        status, words = await shop.call("refresh", {"position": "b09-s9-p09"})
        assert status == 400
        assert "no panel at 'b09-s9-p09'" in words["error"]


async def test_a_stolen_connection_is_won_back(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(FIRST, 199))
        shop.hub.board.cut_all()
        await asyncio.to_thread(shop.desire, {FIRST: tile(179, rev=2), SECOND: tile(349)}, 2)
        await shop.until(shows(FIRST, 179))


async def until_logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    await until(lambda: words in caplog.text)
