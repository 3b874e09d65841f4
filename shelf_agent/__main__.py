"""shelf-agent: the process on the Pi."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from shelf_agent import settings
from shelf_agent.errors import MemoryFault, SettingsError
from shelf_agent.runtime import ShelfAgent

BAD_SETTINGS = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a shelf until SIGTERM or Ctrl-C; exit with 2 where its settings cannot be used."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    quieten_sdk()
    try:
        asyncio.run(_run(given.settings, only_check=given.check))
    except (SettingsError, MemoryFault) as error:
        _give_up(error)


def quieten_sdk() -> None:
    """Silence libraries that log a trace for each lost connection, or a line for each request."""
    logging.getLogger("azure.iot.device").setLevel(logging.CRITICAL)
    logging.getLogger("httpx").setLevel(logging.WARNING)


async def _run(path: Path, *, only_check: bool) -> None:
    found = settings.load(path)
    agent = ShelfAgent(found)
    if only_check:
        sys.stdout.write(f"{path}: device {found.device}, {len(found.displays)} displays: good\n")
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, agent.stop)
    await agent.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shelf-agent", description="Shows on the panels of this device what the cloud wants."
    )
    parser.add_argument(
        "--settings", type=Path, required=True, metavar="FILE", help="settings, a TOML file"
    )
    parser.add_argument(
        "--check", action="store_true", help="only say whether the settings can be used"
    )
    return parser


def _give_up(error: Exception) -> None:
    sys.stderr.write(f"shelf-agent: {error}\n")
    sys.exit(BAD_SETTINGS)


if __name__ == "__main__":
    main()
