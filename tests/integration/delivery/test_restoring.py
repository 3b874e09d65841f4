"""A database comes back from its backup: every shelf follows it, though it showed newer prices."""

from contextlib import closing
from pathlib import Path

import pytest

from cloud_service.clock import FixedClock
from cloud_service.delivery.restoring import mark_restored
from cloud_service.errors import NotFound
from cloud_service.services import open_services
from label_templates.contract.twin import Desired
from tests.book import NOON, settings_in
from tests.integration.delivery.chain import P1, P2, Backup, Chain

pytestmark = pytest.mark.integration


@pytest.fixture
def forgotten(chain: Chain, backup: Backup) -> Desired:
    """Restore a backup that knows nothing of what was pushed last; return that push."""
    chain.rounds.run_once()
    backup.take()
    chain.set_price("1001", 111)
    chain.rounds.run_once()
    last = chain.desired()
    backup.restore()
    return last


def test_every_shelf_follows_a_restored_database_at_once(chain: Chain, forgotten: Desired) -> None:
    done = mark_restored(chain.services.storage, chain.clock.now())
    assert (done.before, done.epoch, done.devices) == (0, chain.clock.now(), 1)
    assert chain.rounds.run_once() == 1
    assert chain.prices() == {P1: 499, P2: 249}
    assert chain.desired().seal.order > forgotten.seal.order
    assert {tile.epoch for tile in chain.desired().tiles.values()} == {done.epoch}
    assert "database.restored" in chain.kinds(after=0)


def test_unless_it_is_said_that_it_was_restored_shelves_keep_what_they_show(
    chain: Chain, forgotten: Desired
) -> None:
    assert chain.rounds.run_once() == 0
    assert chain.desired() == forgotten
    assert chain.prices()[P1] == 111


def test_one_backup_restored_twice_never_gives_one_epoch_twice(
    chain: Chain, forgotten: Desired
) -> None:
    first = mark_restored(chain.services.storage, chain.clock.now())
    second = mark_restored(chain.services.storage, chain.clock.now())
    assert second.epoch > first.epoch > forgotten.seal.epoch


def test_a_database_without_devices_was_not_restored(tmp_path: Path) -> None:
    with closing(open_services(settings_in(tmp_path / "none"), FixedClock(NOON))) as services:
        for _ in range(2):
            with pytest.raises(NotFound, match=r"no device in this database.*EDGE_SHELF_DATA_DIR"):
                mark_restored(services.storage, NOON)
        assert services.last_event_id() == 0
