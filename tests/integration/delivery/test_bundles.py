"""Template bundles on their way: named to every device, proved by pixels, and no price held up."""

from pathlib import Path

import pytest

from label_templates.bundles import installed_bundle
from label_templates.drawing.frame import Frame
from tests.bundles import OTHER, packed
from tests.integration.delivery.chain import P1, P2, STORE, Chain

pytestmark = pytest.mark.integration

OURS = installed_bundle().digest


@pytest.fixture
def used(chain: Chain, tmp_path: Path) -> Chain:
    """A chain whose shelf shows its tiles, and whose store was just told to use a bundle."""
    chain.rounds.run_once()
    chain.connect()
    chain.confirm()
    chain.look()
    assert chain.states() == {P1: "shown", P2: "shown"}
    chain.services.add_bundle(source=packed(tmp_path), actor="ana")
    done = chain.services.use_bundle(store=STORE, bundle=OTHER.digest, actor="ana")
    assert done.tiles == 2
    return chain


def refuse(chain: Chain, has: str = OURS) -> None:
    """Have the shelf say that it cannot get the bundle, and go on with what it shows."""
    desired = chain.desired()
    chain.lacks = desired.bundle
    said = {
        "refused": "the template bundle could not be fetched: 404",
        "refused_rev": desired.seal.rev,
        "lacks": desired.bundle,
        "bundle": has,
    }
    chain.send_report({"seal": said})
    chain.look()


def image(chain: Chain, position: str) -> Frame:
    found = chain.services.tile_image(store=STORE, position=position)
    assert found is not None
    frame, tag = found
    assert frame.digest() == tag
    return frame


def test_every_tile_is_sealed_anew_for_the_bundle_and_proved_when_it_hangs(used: Chain) -> None:
    assert set(used.states().values()) == {"pending"}
    used.rounds.run_once()
    desired = used.desired()
    assert desired.bundle == OTHER.digest
    assert {tile.rev for tile in desired.tiles.values()} == {desired.seal.rev}
    used.confirm()
    used.look()
    assert used.states() == {P1: "shown", P2: "shown"}
    assert all(used.services.tile(store=STORE, position=p).proved for p in (P1, P2))
    assert used.services.devices()[0].bundle == OTHER.digest


def test_the_console_shows_what_hangs_as_it_was_drawn(used: Chain) -> None:
    hanging = image(used, P1)
    used.rounds.run_once()
    assert image(used, P1) == hanging, "not yet confirmed: it hangs as it did"
    wanted = used.services.wanted_image(store=STORE, position=P1)
    assert wanted is not None
    assert wanted[0] != hanging
    used.confirm()
    used.look()
    assert image(used, P1) == wanted[0]


def test_pixels_of_another_bundle_are_no_proof(used: Chain) -> None:
    stale = used.frame(used.desired(), P1)
    used.rounds.run_once()
    used.confirm(frame=stale)
    used.look()
    assert used.states()[P1] == "failed"
    assert used.why(P1) == "what hangs on the shelf is not the picture that was sent"


def test_a_bundle_that_a_shelf_cannot_get_holds_up_no_price(used: Chain) -> None:
    used.rounds.run_once()
    refuse(used)
    assert used.states()[P1] == "failed"
    assert "could not be fetched: 404" in (used.why(P1) or "")
    used.set_price("1001", 399)
    used.rounds.run_once()
    desired = used.desired()
    assert desired.bundle == OURS
    assert used.prices()[P1] == 399
    used.confirm()
    used.look()
    assert used.states() == {P1: "shown", P2: "shown"}
    device = used.services.devices()[0]
    assert (device.bundle, device.lacks, device.refused) == (OURS, OTHER.digest, None)
    used.rounds.run_once()
    assert used.desired() == desired, "there is no more to do until the shelf has the bundle"


def test_a_shelf_that_got_the_bundle_after_all_is_sealed_for_it(used: Chain) -> None:
    used.rounds.run_once()
    refuse(used)
    used.rounds.run_once()
    used.confirm()
    used.look()
    used.rounds.run_once()
    assert used.desired().bundle == OURS
    used.lacks = None
    used.confirm()
    used.look()
    used.rounds.run_once()
    assert used.desired().bundle == OTHER.digest
    used.confirm()
    used.look()
    assert all(used.services.tile(store=STORE, position=p).proved for p in (P1, P2))


def test_a_shelf_that_draws_with_a_bundle_nobody_knows_here_is_shown_but_not_proved(
    used: Chain,
) -> None:
    used.rounds.run_once()
    other = "sha256:" + "5" * 64
    refuse(used, has=other)
    used.rounds.run_once()
    assert used.desired().bundle == other
    used.confirm(frame="a" * 32)
    used.look()
    tile = used.services.tile(store=STORE, position=P1)
    assert (tile.state, tile.proved) == ("shown", False)
    assert used.services.tile_image(store=STORE, position=P1) is not None
