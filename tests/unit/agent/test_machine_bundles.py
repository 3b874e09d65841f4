"""Template bundles: a shelf fetches what it is told to draw with, and until then stays as it is."""

from label_templates.contract import wire
from label_templates.contract.twin import Reported
from tests.unit.agent.cloud import BUNDLE, FIRST, MORNING, SECOND, Twin, device, sealed, tile
from tests.unit.agent.rig import Rig

BOTH = {FIRST: tile(199), SECOND: tile(349)}
ANEW = {FIRST: tile(199, rev=2), SECOND: tile(349, rev=2)}
CHEAPER = {FIRST: tile(179, rev=3), SECOND: tile(349, rev=3)}
OTHER = "sha256:" + "1" * 64
THIRD = "sha256:" + "2" * 64
NAMED = "the template bundle sha256:111111111111"


def hung() -> Rig:
    """A connected shelf that shows what it was sent, drawn with the installed bundle."""
    rig = Rig(Twin(sealed(BOTH)))
    rig.connect()
    rig.run(5)
    return rig


def reported(rig: Rig) -> Reported:
    """What the hub was told."""
    return wire.read_reported(rig.twin.reported)


def refreshes(rig: Rig) -> list[int]:
    """How often each panel was refreshed."""
    return [len(glass.refreshes) for glass in rig.glass.values()]


def test_a_bundle_is_fetched_and_then_every_tile_is_drawn_with_it() -> None:
    rig = hung()
    rig.served[OTHER] = None
    rig.push_sealed(sealed(ANEW, 2, bundle=OTHER))
    rig.run(0.5)
    assert refreshes(rig) == [1, 1], "nothing moves before the bundle is here"
    rig.run(5)
    assert refreshes(rig) == [2, 2], "the words are the same, the pixels may not be"
    seal = reported(rig).seal
    assert (seal.rev, seal.refused, seal.bundle, seal.lacks) == (2, None, OTHER, None)
    assert [fetch.digest for _, fetch in rig.fetches] == [OTHER]


def test_a_bundle_that_is_here_already_is_not_fetched() -> None:
    rig = hung()
    rig.served[OTHER] = None
    rig.push_sealed(sealed(ANEW, 2, bundle=OTHER))
    rig.run(5)
    rig.push_sealed(sealed(CHEAPER, 3, bundle=BUNDLE))
    rig.run(5)
    rig.push_sealed(sealed({FIRST: tile(169, rev=4)}, 4, bundle=OTHER))
    rig.run(5)
    assert rig.prices()[FIRST] == 169
    assert len(rig.fetches) == 1


def test_an_unknown_bundle_leaves_the_shelf_as_it_was_and_is_named() -> None:
    rig = hung()
    rig.push_sealed(sealed(CHEAPER, 3, bundle=OTHER))
    rig.run(30)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert refreshes(rig) == [1, 1]
    seal = reported(rig).seal
    assert (seal.rev, seal.refused_rev, seal.bundle, seal.lacks) == (1, 3, BUNDLE, OTHER)
    assert seal.refused is not None
    assert seal.refused.startswith(f"{NAMED} could not be fetched: GET https://cloud/v1/bundles")
    assert len(rig.reads) == 1, "reading the twin again brings no bundle"


def test_a_bundle_that_cannot_be_fetched_is_tried_again_with_growing_pauses() -> None:
    rig = hung()
    rig.push_sealed(sealed(CHEAPER, 3, bundle=OTHER))
    rig.run(86_400)
    assert 90 < len(rig.fetches) < 180
    assert len([note for note in rig.notes if "could not be fetched" in note]) == 1
    rig.served[OTHER] = None
    rig.run(1200)
    assert rig.prices() == {FIRST: 179, SECOND: 349}
    assert reported(rig).seal.refused is None


def test_newer_words_for_a_bundle_that_cannot_be_fetched_hurry_nothing() -> None:
    rig = hung()
    for rev in range(2, 200):
        rig.push_sealed(sealed({FIRST: tile(rev, rev=rev)}, rev, bundle=OTHER))
        rig.run(1)
    assert len(rig.fetches) < 15
    assert reported(rig).seal.refused_rev == 199
    rig.served[OTHER] = None
    rig.run(1200)
    assert rig.prices()[FIRST] == 199, "the last state alone counts"


def test_a_bundle_that_takes_long_is_said_to_be_lacking_and_still_taken_when_it_comes() -> None:
    rig = hung()
    rig.served[OTHER], rig.fetch_s = None, 300.0
    rig.push_sealed(sealed(CHEAPER, 3, bundle=OTHER))
    rig.run(15)
    assert reported(rig).seal.refused is None
    rig.run(10)
    seal = reported(rig).seal
    assert (seal.refused, seal.refused_rev) == (f"{NAMED} is still being fetched", 3)
    assert seal.lacks == OTHER
    rig.run(300)
    assert rig.prices()[FIRST] == 179
    seal = reported(rig).seal
    assert (seal.rev, seal.refused, seal.lacks, seal.bundle) == (3, None, None, OTHER)
    assert len(rig.fetches) == 1


def test_a_bundle_that_is_lacking_holds_up_no_price_that_is_sealed_for_another() -> None:
    rig = hung()
    rig.push_sealed(sealed(ANEW, 2, bundle=OTHER))
    rig.run(10)
    rig.push_sealed(sealed(CHEAPER, 3, bundle=BUNDLE))
    rig.run(10)
    assert rig.prices()[FIRST] == 179
    seal = reported(rig).seal
    assert (seal.rev, seal.refused, seal.bundle, seal.lacks) == (3, None, BUNDLE, OTHER)
    rig.served[OTHER] = None
    rig.run(1200)
    assert reported(rig).seal.lacks is None, "so the cloud may name it again"
    fetched = len(rig.fetches)
    rig.push_sealed(sealed({FIRST: tile(169, rev=4)}, 4, bundle=OTHER))
    rig.run(5)
    assert rig.prices()[FIRST] == 169
    assert len(rig.fetches) == fetched


def test_of_two_bundles_that_are_not_here_the_newer_is_fetched() -> None:
    rig = hung()
    rig.served, rig.fetch_s = {OTHER: None, THIRD: None}, 10.0
    rig.push_sealed(sealed(ANEW, 2, bundle=OTHER))
    rig.run(5)
    rig.push_sealed(sealed(CHEAPER, 3, bundle=THIRD))
    rig.run(30)
    assert rig.prices()[FIRST] == 179
    assert rig.bundles == {THIRD}


def test_the_bundles_in_use_are_not_dropped_for_one_that_is_fetched() -> None:
    rig = hung()
    rig.served = {OTHER: None, THIRD: None}
    rig.push_sealed(sealed(ANEW, 2, bundle=OTHER))
    rig.run(5)
    rig.push_sealed(sealed(CHEAPER, 3, bundle=THIRD))
    rig.run(5)
    assert [fetch.keep for _, fetch in rig.fetches] == [{BUNDLE, OTHER}, {BUNDLE, OTHER, THIRD}]


def with_other(flips: dict[int, int]) -> Rig:
    """A shelf that shows a tile with flips, drawn with a bundle that was fetched."""
    rig = hung()
    rig.served[OTHER] = None
    tiles = {FIRST: tile(199, rev=2, flips=flips), SECOND: tile(349, rev=2)}
    rig.push_sealed(sealed(tiles, 2, bundle=OTHER))
    rig.run(10)
    assert reported(rig).seal.rev == 2
    return rig


def test_after_a_power_cut_without_network_a_shelf_draws_with_the_bundle_on_its_disk() -> None:
    six = MORNING + 3600
    rig = with_other({six: 149})
    rig.served.clear()
    rig.start(bare=frozenset({FIRST}))
    rig.run(5)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert len(rig.glass[FIRST].refreshes) == 3, "the bare panel was drawn again"
    rig.run(3600)
    assert rig.prices()[FIRST] == 149
    assert len(rig.fetches) == 1


def test_a_bundle_that_is_gone_after_a_power_cut_leaves_what_hangs_and_is_fetched() -> None:
    six = MORNING + 3600
    rig = with_other({six: 149})
    rig.served.clear()
    rig.bundles.clear()
    rig.start()
    rig.connect()
    rig.run(3000)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert refreshes(rig) == [2, 2]
    seal = reported(rig).seal
    assert (seal.bundle, seal.lacks) == (BUNDLE, OTHER), "it could draw with the installed one"
    rig.run(1000)
    ack = reported(rig).tiles[FIRST]
    assert (ack.state, ack.price) == ("failed", 199)
    assert ack.why == "the template bundle sha256:111111111111 is not on this device"
    rig.served[OTHER] = None
    rig.run(1200)
    assert rig.prices()[FIRST] == 149
    assert reported(rig).seal.lacks is None


def test_a_bundle_that_breaks_while_it_is_in_use_is_fetched_anew() -> None:
    rig = with_other({})
    rig.bundles.clear()
    rig.push_sealed(sealed(CHEAPER, 3, bundle=OTHER))
    rig.run(10)
    assert rig.prices() == {FIRST: 179, SECOND: 349}
    assert len(rig.fetches) == 2


def test_a_bundle_that_breaks_again_and_again_is_fetched_less_and_less_often() -> None:
    rig = with_other({})
    for rev in range(3, 100):
        rig.bundles.clear()
        rig.push_sealed(sealed({FIRST: tile(rev, rev=rev)}, rev, bundle=OTHER))
        rig.run(5)
    assert len(rig.fetches) < 20


def test_a_power_cut_while_a_bundle_is_fetched_begins_anew() -> None:
    rig = hung()
    rig.served[OTHER], rig.fetch_s = None, 60.0
    rig.push_sealed(sealed(CHEAPER, 3, bundle=OTHER))
    rig.run(30)
    rig.start()
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    rig.connect()
    rig.run(90)
    assert rig.prices()[FIRST] == 179


def test_a_new_shelf_that_cannot_have_its_bundle_says_what_it_could_draw_with() -> None:
    rig = Rig(Twin(sealed(BOTH, bundle=OTHER)), device({FIRST: "epd-2.9-bw"}))
    rig.connect()
    rig.run(10)
    seal = reported(rig).seal
    assert (seal.rev, seal.keys, seal.bundle, seal.lacks) == (0, 1, BUNDLE, OTHER)
    assert rig.prices() == {FIRST: None}


def test_a_forged_state_makes_no_shelf_fetch_anything() -> None:
    rig = hung()
    forged = sealed(CHEAPER, 3, bundle=BUNDLE).model_copy(update={"bundle": OTHER})
    rig.push_sealed(forged)
    rig.run(60)
    assert rig.fetches == []
    assert "signature" in (reported(rig).seal.refused or "")
