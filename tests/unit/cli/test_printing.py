"""What commands say reads like a sentence, whatever the count."""

import pytest

from cloud_service.cli.printing import counted, following


@pytest.mark.parametrize(
    ("tiles", "follows", "would"),
    [
        (0, "0 tiles follow", "0 tiles would follow"),
        (1, "1 tile follows", "1 tile would follow"),
        (12, "12 tiles follow", "12 tiles would follow"),
    ],
)
def test_tiles_follow_in_the_right_number(tiles: int, follows: str, would: str) -> None:
    assert following(tiles) == follows
    assert following(tiles, dry_run=True) == would


def test_one_thing_is_no_plural() -> None:
    assert [counted(number, "row") for number in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
