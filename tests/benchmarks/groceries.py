"""Made-up promotion tiles, every one distinct: the work that renderers are compared on."""

import random

from label_templates.bundles.manifest import sha256_of
from label_templates.contract.identifiers import check_digit
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords

STORE = StoreWords(id="0001", tz="America/New_York", currency="USD", locale="en-US")
UNTIL = 1_751_774_400
_FIRST = ("Golden", "River", "Sunny", "Meadow", "Copper", "Harvest", "Alpine", "Cedar", "Maple")
_KIND = ("Organic", "Crunchy", "Roasted", "Smoked", "Creamy", "Salted", "Whole", "Wild", "Spicy")
_FOOD = ("Granola", "Coffee", "Almond", "Butter", "Tomato", "Soup", "Corn", "Flakes", "Cookies",
         "Penne", "Rigate", "Basmati", "Rice", "Black", "Tea", "Peach", "Jam", "Olive", "Oil",
         "Cheddar", "Slices", "Apple", "Juice", "Lentil", "Chips")  # fmt: skip


def contents(count: int, seed: int) -> list[TileContent]:
    """Return promotion tiles; another seed gives all-new names, prices and barcodes."""
    dice = random.Random(seed)
    return [_content(dice, number) for number in range(count)]


def promos(count: int, seed: int) -> list[TileContent]:
    """Return the same kind of tiles, each with one of a campaign's photos."""
    # Made here, so that the first tile of a fresh process is measured without photos.
    from label_templates.samples import sample_bundle  # noqa: PLC0415

    files = sample_bundle().files
    photos = [sha256_of(files[path]) for path in sorted(files) if path.startswith("photos/")]
    return [
        tile.model_copy(update={"image": photos[number % len(photos)]})
        for number, tile in enumerate(contents(count, seed))
    ]


def repriced(before: list[TileContent], seed: int) -> list[TileContent]:
    """Return the same products with all-new prices."""
    dice = random.Random(seed)
    return [tile.model_copy(update=_prices(dice)) for tile in before]


def _content(dice: random.Random, number: int) -> TileContent:
    words = [dice.choice(_FIRST), dice.choice(_KIND), *dice.sample(_FOOD, dice.randint(2, 4))]
    body = f"{dice.randrange(10**11):011}"
    return TileContent.model_validate(
        {
            "sku": f"{number:08}",
            "name": f"{' '.join(words)} {dice.randint(2, 99)} ct",
            "size": f"{dice.randint(4, 64)} oz",
            "gtin": body + check_digit(body),
            "unit_measure": "oz",
            "unit_in_cents": True,
            "promotion": "percent",
            "promotion_until": UNTIL,
            **_prices(dice),
        }
    )


def _prices(dice: random.Random) -> dict[str, int]:
    price, percent = dice.randint(99, 1999), dice.randint(5, 50)
    prior = price * 100 // (100 - percent) + 1
    unit = dice.randint(100, 9990)
    return {"price": price, "prior_price": prior, "percent_off": percent, "unit_price": unit}
