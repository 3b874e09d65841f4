"""Trouble on the device itself: a disk that fails, an agent that dies."""

import asyncio
import logging

import pytest

from shelf_agent import settings
from shelf_agent.runtime import ShelfAgent
from simulators.fleet.running import Fleet
from simulators.iothub.core.faults import Fault, FaultKind
from simulators.iothub.core.tiers import Operation
from simulators.iothub.server.hub import utc_seconds
from tests.integration.agent.shop import PATIENCE_S, Shop, shows
from tests.integration.iothub.clients import until
from tests.unit.agent.cloud import FIRST, SECOND, tile

pytestmark = pytest.mark.integration

BOTH = {FIRST: tile(199), SECOND: tile(349)}


def strikes(shop: Shop) -> bool:
    """Whether a fault still waits for the shelf."""
    waiting = shop.hub.faults.waiting(utc_seconds())
    return any(fault.device == shop.device for fault in waiting)


async def test_a_shelf_whose_disk_fails_goes_on_and_says_so(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with shop.agent():
        await shop.until(shows(SECOND, 349))
        obstacle = shop.folder / "state" / "state.new.json"
        obstacle.mkdir()
        await asyncio.to_thread(shop.desire, {FIRST: tile(179, rev=2), SECOND: tile(349)}, 2)
        await shop.until(shows(FIRST, 179))
        await shop.until(lambda twin: "Is a directory" in twin["health"].get("memory", ""))
        obstacle.rmdir()
        await asyncio.to_thread(shop.desire, {FIRST: tile(169, rev=3), SECOND: tile(349)}, 3)
        await shop.until(shows(FIRST, 169))
        await shop.until(lambda twin: "memory" not in twin["health"])


async def test_an_agent_of_a_fleet_that_dies_is_started_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shop.desire(BOTH, rev=1)
    lives = iter(["dies"])
    run = ShelfAgent.run

    async def dies_once(agent: ShelfAgent) -> None:
        if next(lives, None):
            agent.stop()
            await run(agent)
            raise RuntimeError("something nobody foresaw")
        await run(agent)

    monkeypatch.setattr(ShelfAgent, "run", dies_once)
    fleet = Fleet([shop.settings_file])
    running = asyncio.create_task(fleet.run())
    await shop.until(shows(SECOND, 349))
    fleet.stop()
    assert await asyncio.wait_for(running, PATIENCE_S) == 0
    assert "failed and is started again" in caplog.text
    assert "something nobody foresaw" in caplog.text


async def test_a_hub_that_goes_away_and_comes_back_finds_the_shelf_again(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.desire(BOTH, rev=1)
    line = f"{shop.device}: connected to {shop.hub.name}"
    with caplog.at_level(logging.INFO, "shelf_agent"):
        async with shop.agent():
            await shop.until(shows(SECOND, 349))
            shop.hub.board.cut_all()
            await until(lambda: caplog.text.count(line) == 2)
            shop.hub.board.cut_all()
            await until(lambda: caplog.text.count(line) == 3)
            await asyncio.to_thread(shop.desire, {FIRST: tile(169, rev=2), SECOND: tile(349)}, 2)
            await shop.until(shows(FIRST, 169))


@pytest.mark.parametrize("operation", [Operation.TWIN_READ, Operation.TWIN_UPDATE])
async def test_a_shelf_that_the_hub_asks_to_slow_down_goes_on(
    shop: Shop, operation: Operation
) -> None:
    shop.desire(BOTH, rev=1)
    shop.hub.faults.add(Fault(FaultKind.THROTTLE, shop.device, operation, times=2))
    async with shop.agent():
        await until(lambda: not strikes(shop))  # it would strike who looks at the twin, too
        await shop.until(shows(SECOND, 349))


async def test_a_connection_that_drops_while_the_twin_is_read_ends_no_agent(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.desire(BOTH, rev=1)
    shop.hub.faults.add(
        Fault(FaultKind.DELAY, shop.device, Operation.TWIN_READ, seconds=5, times=1)
    )
    with caplog.at_level(logging.INFO, "shelf_agent"):
        async with shop.agent():
            await until(lambda: not strikes(shop))
            shop.hub.board.cut_all()
            await shop.until(shows(SECOND, 349))
    assert "the connection dropped" in caplog.text


async def test_an_agent_that_is_stopped_before_it_runs_ends_at_once(shop: Shop) -> None:
    agent = ShelfAgent(settings.load(shop.settings_file))
    agent.stop()
    await asyncio.wait_for(agent.run(), PATIENCE_S)
