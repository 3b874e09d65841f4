"""Positions a second that price resolution settles, with their flips, for a whole large store.

Most products have a plain price; some a special price, a promotion or a price to come, as in real
lists. Beside it a bare loop over the same rows that only picks the regular price.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import Offering, Record
from cloud_service.pricing.promotions import MultiBuy, PercentOff, Promotion
from cloud_service.pricing.resolution import timeline
from cloud_service.pricing.rules import rules_of
from cloud_service.pricing.window import Window

POSITIONS, ROUNDS = 120_000, 3
NOW = 1_782_000_000
DAY = 86_400
TERMS = Terms(rules_of("HR", date(2026, 6, 21)), "EUR", "Europe/Zagreb")
Row = tuple[Offering, Goods]


def lines() -> Iterator[dict[str, Any]]:
    """Measure a store of 120,000 positions on one core."""
    rows = _rows()
    ours = statistics.median(_rate(_resolve, rows) for _ in range(ROUNDS))
    bare = statistics.median(_rate(_pick, rows) for _ in range(ROUNDS))
    yield {
        "name": "resolve-store",
        "value": round(ours),
        "unit": "positions/s",
        "beside": {"bare-loop": round(bare)},
        "ratio": {"bare-loop": round(ours / bare, 4)},
    }


def _rate(work: Callable[[list[Row]], int], rows: list[Row]) -> float:
    start = time.process_time()
    count = work(rows)
    return count / (time.process_time() - start)


def _resolve(rows: list[Row]) -> int:
    return sum(1 for offering, goods in rows if timeline(offering, goods, TERMS, NOW))


def _pick(rows: list[Row]) -> int:
    return sum(1 for offering, _ in rows if offering.zone[0].entry.regular)


def _rows() -> list[Row]:
    dice = random.Random(1)
    promotions = [_promotion(dice, number) for number in range(200)]
    return [_row(dice, promotions) for _ in range(POSITIONS)]


def _row(dice: random.Random, promotions: list[Promotion]) -> Row:
    regular = dice.randint(50, 3000)
    records = [Record(1, Window(NOW - dice.randint(40, 400) * DAY, None), _entry(dice, regular))]
    kind = dice.random()
    if kind < 0.05:
        later = Window(NOW + dice.randint(1, 20) * DAY, None)
        records.append(Record(2, later, PriceEntry(regular=regular + dice.randint(1, 50))))
    offered = (dice.choice(promotions),) if 0.05 < kind < 0.15 else ()
    goods = Goods(dice.randint(50, 3000), dice.choice(("g", "ml", "kg", "l")), weighed=False)
    return Offering(tuple(records), (), offered), goods


def _entry(dice: random.Random, regular: int) -> PriceEntry:
    if dice.random() > 0.07:
        return PriceEntry(regular=regular)
    special, until = regular * 3 // 4 + 1, NOW + dice.randint(-5, 10) * DAY
    since = NOW - 10 * DAY
    return PriceEntry(regular, special, since, until, low_30=dice.choice((None, regular)))


def _promotion(dice: random.Random, number: int) -> Promotion:
    since = NOW - dice.randint(0, 20) * DAY
    terms = dice.choice((PercentOff(dice.randint(500, 5000)), MultiBuy(2, 90), MultiBuy(3, 2000)))
    window = Window(since, NOW + dice.randint(1, 30) * DAY)
    return Promotion(f"p{number}", 1, f"Offer {number}", window, terms)
