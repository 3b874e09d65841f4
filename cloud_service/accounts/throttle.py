"""How long somebody who keeps mistyping a password must wait. Pure.

Two counts are kept: one for a name tried from one address (somebody guesses a password; the real
owner elsewhere is not shut out) and one for an address (somebody tries many names).
"""

from dataclasses import dataclass

FORGET_AFTER_S = 3600
"""A count that rested this long is forgotten."""
FREE_TRIES = 5
FREE_TRIES_ADDRESS = 30
FIRST_WAIT_S = 15
LONGEST_WAIT_S = 900


@dataclass(frozen=True)
class Tries:
    """Wrong tries so far under one key, and when the last was made (UTC seconds)."""

    count: int = 0
    last_at: int = 0


def wait_s(tries: Tries, now: int, free: int) -> int:
    """Return how many seconds must still pass before the next try; 0 means go on."""
    surplus = tries.count - free
    if surplus < 0 or now - tries.last_at >= FORGET_AFTER_S:
        return 0
    pause: int = min(LONGEST_WAIT_S, FIRST_WAIT_S << min(surplus, 16))
    return max(0, tries.last_at + pause - now)


def one_more(tries: Tries, now: int) -> Tries:
    """Return the count after another wrong try at `now`."""
    kept = 0 if now - tries.last_at >= FORGET_AFTER_S else tries.count
    return Tries(kept + 1, now)
