"""Setting up shop with the real use cases on a database of its own."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cloud_service.accounts import Accounts
from cloud_service.clock import FixedClock
from cloud_service.services import Services, open_services
from cloud_service.settings import Settings
from simulators.up.errors import UpError
from simulators.up.folder import Folder
from simulators.up.grocery import MADE_UP, price_list
from simulators.up.options import Options, own_lists
from simulators.up.shop import Shop, valid_token

pytestmark = pytest.mark.integration

NOON = int(datetime(2026, 3, 4, 17, tzinfo=UTC).timestamp())


def ignore(*_: object) -> None:
    """Take notice of nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "var")
    folder.make()
    return folder


@pytest.fixture
def services(folder: Folder) -> Iterator[Services]:
    opened = open_services(Settings(data_dir=folder.cloud), FixedClock(NOON))
    yield opened
    opened.close()


def shop(services: Services, options: Options) -> Shop:
    return Shop(services, FixedClock(NOON), options)


def test_every_row_of_the_made_up_list_is_taken(services: Services, folder: Folder) -> None:
    shop(services, Options(folder, devices=1)).open(ignore)
    report = services.import_prices(
        store=MADE_UP.id, source=folder.lists / "1001.csv", format="csv", actor="a clerk"
    )
    assert (report.errors, report.notes) == ((), ())
    assert (report.read, report.unchanged) == (
        len(price_list(date(2026, 3, 4)).splitlines()) - 1,
    ) * 2


def test_the_first_start_hangs_a_whole_store(services: Services, folder: Folder) -> None:
    (store,) = shop(services, Options(folder)).open(ignore)
    assert (store.id, store.hung_now, len(store.devices)) == ("1001", True, 12)
    assert {len(panels) for panels in store.devices.values()} == {24}
    assert services.status().pending == 288
    bay = services.bay(store="1001", number=1)
    assert [len(shelf.tiles) for shelf in bay.shelves] == [12, 12, 12, 12]
    reasons = Counter(
        services.product(sku=tile.sku, store="1001").price.reason.split(" until ")[0]  # type: ignore[union-attr]
        for shelf in bay.shelves
        for tile in shelf.tiles
        if tile.sku
    )
    assert len(reasons) >= 2, reasons


def test_a_second_start_finds_everything_as_people_left_it(
    services: Services, folder: Folder
) -> None:
    shop(services, Options(folder)).open(ignore)
    services.set_price(store="1001", sku="4011", amount_minor=77, actor="a clerk")
    (store,) = shop(services, Options(folder, devices=3)).open(ignore)
    assert (store.hung_now, len(store.devices)) == (False, 12)
    price = services.product(sku="4011", store="1001").price
    assert price is not None
    assert price.regular == 77


def test_a_start_that_was_cut_short_is_completed_by_the_next(
    services: Services, folder: Folder
) -> None:
    services.add_store(
        id=MADE_UP.id, name=MADE_UP.name, tz=MADE_UP.tz, currency=MADE_UP.currency,
        locale=MADE_UP.locale, jurisdiction=MADE_UP.jurisdiction, actor="a start before",
    )  # fmt: skip
    (store,) = shop(services, Options(folder, devices=2)).open(ignore)
    assert (store.hung_now, len(store.devices)) == (True, 2)


def test_a_list_of_ones_own_hangs_instead_of_the_made_up_store(
    services: Services, folder: Folder, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("sku,name,price\nA1,Oat rusks,1.99\nA2,Rye rusks,2.49\n")
    own = own_lists(["77"], [path], [])
    (store,) = shop(services, Options(folder, lists=own, devices=1, tiles=5)).open(ignore)
    assert store.id == "77"
    tiles = services.bay(store="77", number=1).shelves[0].tiles
    assert [tile.sku for tile in tiles] == ["A1", "A2", "A1", "A2", "A1"]
    (again,) = shop(services, Options(folder)).open(ignore)
    assert (again.id, again.hung_now) == ("77", False)


def test_a_wrong_row_of_ones_own_list_is_named_and_nothing_hangs(
    services: Services, folder: Folder, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("sku,name,price\nA1,Oat rusks,1.99\nA2,Rye rusks,-2\n")
    own = own_lists(["77"], [path], [])
    with pytest.raises(UpError, match=r"mine\.csv was not taken, because of row 3, column price"):
        shop(services, Options(folder, lists=own)).open(ignore)
    assert services.store(store="77").devices == 0


def test_a_list_with_a_wrong_header_is_named_with_its_columns(
    services: Services, folder: Folder, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Artikel,Preis\nA1,1.99\n")
    own = own_lists(["77"], [path], [])
    with pytest.raises(UpError, match=r"mine\.csv was not taken: .*'Artikel'"):
        shop(services, Options(folder, lists=own)).open(ignore)


def test_a_list_in_euros_is_not_hung_in_a_store_of_dollars(
    services: Services, folder: Folder, tmp_path: Path
) -> None:
    services.add_store(
        id="77", name="Store 77", tz=MADE_UP.tz, currency="USD", locale=MADE_UP.locale,
        jurisdiction=MADE_UP.jurisdiction, actor="a start before",
    )  # fmt: skip
    path = tmp_path / "list.csv"
    path.write_text("this is not even read")
    own = own_lists(["77"], [path], ["konzum"])
    with pytest.raises(UpError, match=r"list\.csv was not taken: .*in EUR, store 77 sells in USD"):
        shop(services, Options(folder, lists=own)).open(ignore)
    assert (services.store(store="77").products, services.store(store="77").devices) == (0, 0)


def test_two_real_lists_are_two_stores_with_prices_of_their_own(
    services: Services, folder: Folder, shared_data: Path
) -> None:
    paths = [shared_data / "konzum" / f"{store}-2025-07-03.csv" for store in ("0204", "1601")]
    own = own_lists(["0204", "1601"], paths, ["konzum"])
    stores = shop(services, Options(folder, lists=own, devices=2)).open(ignore)
    assert [(store.id, store.hung_now, len(store.devices)) for store in stores] == [
        ("0204", True, 2),
        ("1601", True, 2),
    ]
    categories = {
        services.product(sku=tile.sku, store="0204").category
        for shelf in services.bay(store="0204", number=1).shelves
        for tile in shelf.tiles
        if tile.sku
    }
    assert len(categories) > 1


def test_a_token_that_was_given_out_holds_over_starts(services: Services) -> None:
    accounts = Accounts(services.storage, FixedClock(NOON))
    token = valid_token(accounts, None)
    assert valid_token(accounts, token) == token


def test_a_lost_token_is_replaced_and_no_longer_lets_anybody_in(services: Services) -> None:
    accounts = Accounts(services.storage, FixedClock(NOON))
    lost = valid_token(accounts, None)
    found = valid_token(accounts, "es_nonsense")
    assert accounts.authenticate_token(lost) is None
    account = accounts.authenticate_token(found)
    assert account is not None
    assert account.may_write
