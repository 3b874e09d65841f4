"""A price list goes in, prices change, processes die, and the right pixels hang on every shelf."""

import csv
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from typing_extensions import override

from label_templates.contract import money
from tests.e2e.shelf import Api, faults_on_shelves
from tests.e2e.shop import Shop, killed, open_shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]

HOST = "127.0.0.40"
CURRENCY = {"0204": "EUR", "1001": "USD"}


@dataclass(frozen=True)
class Hung:
    """A shop whose shelves hang, and how many tiles they have."""

    shop: Shop
    api: Api
    store: str
    tiles: int

    def new_prices(self, count: int, seed: int) -> dict[str, int]:
        """Draw new prices, minor units, for products that hang somewhere."""
        dice = random.Random(seed)
        hung = sorted({t["sku"] for t in self.api.tiles(self.store) if t["sku"] is not None})
        return {sku: dice.randrange(50, 3000) for sku in dice.sample(hung, min(count, len(hung)))}

    def set_prices(self, prices: dict[str, int], folder: Path, *options: str) -> None:
        """Set prices by one call of the command line."""
        file = folder / "new-prices.csv"
        currency = CURRENCY[self.store]
        with file.open("w", newline="") as sink:
            writer = csv.writer(sink)
            writer.writerow(["sku", "price"])
            writer.writerows([sku, money.plain(minor, currency)] for sku, minor in prices.items())
        where = ("--store", self.store, "--confirm")
        done = self.shop.run("prices", "set", "--file", str(file), *where, *options)
        assert done.returncode == 0, done.stderr + done.stdout

    def status_counts(self) -> dict[str, int]:
        """How many tiles are shown, pending and failed."""
        return dict(self.shop.status()["tiles"])

    def regular_prices(self, prices: dict[str, int]) -> dict[str, int]:
        """Read back the regular prices of products."""
        got = (self.api.get(f"/v1/stores/{self.store}/prices/{sku}") for sku in prices)
        return {price["sku"]: price["regular"]["amount_minor"] for price in got}


VICTIMS = ("dispatch", "fleet", "hub")


class Killer(threading.Thread):
    """Kills one process of the shop after the other, each at a random moment."""

    def __init__(self, shop: Shop, seed: int) -> None:
        super().__init__(daemon=True)
        self.names: set[str] = set()
        self._shop = shop
        self._dice = random.Random(seed)
        self._struck = threading.Semaphore(0)
        self._stopped = threading.Event()

    @override
    def run(self) -> None:
        """Strike dispatcher, hub and one agent process in turn until stopped."""
        turn = 0
        while not self._stopped.wait(self._dice.uniform(0.05, 2.0)):
            name = VICTIMS[turn % len(VICTIMS)]
            programs = self._shop.programs()
            running = [pid for program, pid in programs.items() if program.startswith(name)]
            if running and killed(self._dice.choice(running)):
                self.names.add(name)
                turn += 1
                self._struck.release()

    def wait_for_next(self) -> None:
        """Wait until it has struck once more."""
        assert self._struck.acquire(timeout=60)

    def stop(self) -> None:
        """Strike no more."""
        self._stopped.set()
        self.join()


@contextmanager
def killing(shop: Shop, seed: int) -> Iterator[Killer]:
    """Kill processes of the shop in the background."""
    killer = Killer(shop, seed)
    killer.start()
    try:
        yield killer
    finally:
        killer.stop()


@contextmanager
def watched_revisions(hung: Hung) -> Iterator[list[str]]:
    """Watch the revision on every glass, and collect every one that falls."""
    falls: list[str] = []
    newest: dict[str, int] = {}
    stopped = threading.Event()

    def look() -> None:
        while not stopped.wait(0.5):
            for tile in hung.api.tiles(hung.store):
                rev = tile["shown"]["rev"] or 0
                if rev < newest.get(tile["position"], 0):
                    falls.append(f"{tile['position']}: {newest[tile['position']]} to {rev}")
                newest[tile["position"]] = rev

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield falls
    finally:
        stopped.set()
        watcher.join()


@pytest.fixture(scope="module", params=["real price list", "made-up grocery"])
def hung(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hung]:
    """A real price list on 40 devices of 24 tiles; the own catalogue on a smaller shop."""
    folder = tmp_path_factory.mktemp("shop")
    if request.param == "real price list":
        shared: Path = request.getfixturevalue("shared_data")
        file = shared / "konzum" / "0204-2025-07-03.csv"
        options = ["--store", "0204", "--prices", str(file), "--format", "konzum"]
        options += ["--devices", "40", "--tiles", "24", "--processes", "8"]
        store, tiles = "0204", 960
    else:
        options, store, tiles = ["--devices", "4", "--tiles", "24", "--processes", "2"], "1001", 96
    with open_shop(folder, *options, "--port", "8040", host=HOST, seconds=600) as shop:
        shop.wait_until_converged(tiles, 600)
        with Api.of(shop) as api:
            yield Hung(shop, api, store, tiles)


def test_the_whole_list_is_taken(hung: Hung) -> None:
    products = hung.api.get(f"/v1/stores/{hung.store}")["products"]
    if hung.store == "0204":
        assert products == 10_950
    else:
        assert products >= 300


def test_after_many_changes_every_tile_shows_scans_and_reports_what_it_should(
    hung: Hung, tmp_path: Path
) -> None:
    prices = hung.new_prices(500, seed=1)
    hung.set_prices(prices, tmp_path, "--wait", "--timeout", "300")
    assert hung.regular_prices(prices) == prices
    assert hung.status_counts() == {"shown": hung.tiles, "pending": 0, "failed": 0}
    assert faults_on_shelves(hung.shop, hung.api, hung.store) == []


@pytest.mark.parametrize("seed", [11])
def test_shelves_converge_though_dispatcher_hub_and_agents_are_killed(
    hung: Hung, tmp_path: Path, seed: int
) -> None:
    with watched_revisions(hung) as falls, killing(hung.shop, seed) as killer:
        for turn in range(6):
            hung.set_prices(hung.new_prices(60, seed=seed + turn), tmp_path)
            killer.wait_for_next()
    assert killer.names == set(VICTIMS)
    last = hung.new_prices(60, seed=seed + 99)
    hung.set_prices(last, tmp_path, "--wait", "--timeout", "300")
    hung.shop.wait_until_converged(hung.tiles, 300)
    assert falls == []
    assert hung.regular_prices(last) == last
    assert faults_on_shelves(hung.shop, hung.api, hung.store) == []
