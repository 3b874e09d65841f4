"""The agent and the fleet as processes: how they start, what they say, how they end."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.iot.hub import IoTHubRegistryManager

from simulators.iothub.server.hub import SimulatedHub
from tests.integration.agent.shop import PATIENCE_S, Shop, shows
from tests.unit.agent.cloud import FIRST, SECOND, tile

pytestmark = pytest.mark.integration

BOTH = {FIRST: tile(199), SECOND: tile(349)}


@asynccontextmanager
async def process(*words: str) -> AsyncIterator[Process]:
    """Start a Python module; end it however the test ends."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, stdout=PIPE, stderr=PIPE
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def ended(process: Process) -> tuple[int, str]:
    """Wait for the end; return exit code and all that was said."""
    async with asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (out + err).decode()


async def test_an_agent_ends_at_once_and_cleanly_when_it_is_told_to(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with process("shelf_agent", "--settings", str(shop.settings_file)) as agent:
        await shop.until(shows(SECOND, 349))
        agent.send_signal(signal.SIGTERM)
        code, words = await ended(agent)
    assert code == 0
    assert "agent ends" in words
    assert "Traceback" not in words


async def test_an_agent_that_was_killed_goes_on_where_it_was(shop: Shop) -> None:
    shop.desire(BOTH, rev=1)
    async with process("shelf_agent", "--settings", str(shop.settings_file)) as agent:
        await shop.until(shows(SECOND, 349))
        agent.kill()
        await agent.wait()
    await asyncio.to_thread(shop.desire, {FIRST: tile(179, rev=2), SECOND: tile(349)}, 2)
    untouched = shop.glass(SECOND).stat().st_mtime_ns
    async with process("shelf_agent", "--settings", str(shop.settings_file)):
        await shop.until(shows(FIRST, 179))
    assert shop.glass(SECOND).stat().st_mtime_ns == untouched


async def test_check_says_that_settings_are_good_without_starting(shop: Shop) -> None:
    async with process("shelf_agent", "--check", "--settings", str(shop.settings_file)) as agent:
        code, words = await ended(agent)
    assert (code, words) == (
        0, f"{shop.settings_file}: device {shop.device}, 2 displays: good\n",
    )  # fmt: skip


async def test_settings_that_cannot_be_used_end_the_agent_with_one_sentence(shop: Shop) -> None:
    written = shop.settings_file.read_text()
    shop.settings_file.write_text(written.replace('"capture"', '"hologram"'))
    async with process("shelf_agent", "--settings", str(shop.settings_file)) as agent:
        code, words = await ended(agent)
    assert code == 2
    assert words == (
        f"shelf-agent: display {FIRST}: unknown driver 'hologram'; known are capture, lcd,"
        " waveshare\n"
    )


async def test_one_bad_shelf_of_a_fleet_is_named_and_the_others_run(
    simulated_hub: SimulatedHub, tmp_path: Path
) -> None:
    registry = IoTHubRegistryManager.from_connection_string(simulated_hub.connection_string)
    shops = []
    for name in ("fleet-one", "fleet-two"):
        (tmp_path / name).mkdir()
        shops.append(Shop(simulated_hub, registry, tmp_path / name))
        shops[-1].desire(BOTH, rev=1)
    missing = tmp_path / "fleet-three" / "agent.toml"
    files = [shop.settings_file for shop in shops]
    given = [word for file in (missing, *files) for word in ("--settings", str(file))]
    async with process("simulators.fleet", *given) as fleet:
        for shop in shops:
            await shop.until(shows(SECOND, 349))
        fleet.send_signal(signal.SIGTERM)
        code, words = await ended(fleet)
    registry.protocol.close()
    assert code == 1, words
    assert f"{missing}: No such file or directory" in words
    assert "Traceback" not in words
