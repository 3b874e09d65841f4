"""A tile: what one position shows now, and its next flips with their instants.

Everything in a tile is sealed, so it holds strings, integers and booleans only, never null or
float; a field that does not apply is absent. Instants are integer UTC seconds.
"""

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import Gtin, PositionId, Sku
from label_templates.contract.money import MAX_AMOUNT_MINOR

Amount = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT_MINOR)]
Instant = Annotated[int, Field(strict=True, ge=0, lt=2**40)]
Text = Annotated[str, Field(min_length=1, max_length=120)]
TemplateName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$", max_length=64)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Asset = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a file that a bundle brings, such as a photo: long things go by hash."""
UnitPrice = Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT_MINOR * 100)]
"""Hundredths of a minor unit for one `unit_measure`, already rounded as the law says."""
Count = Annotated[int, Field(strict=True, ge=0, le=99_999)]
Several = Annotated[int, Field(strict=True, ge=2, le=99)]
Flag = Annotated[bool, Field(strict=True)]
Measure = Literal["kg", "g", "l", "ml", "m", "m2", "m3", "lb", "oz", "fl oz", "qt", "gal", "pt",
                  "ft", "sq ft", "ct", "ea"]  # fmt: skip

MAX_FLIPS = 8


class TileContent(BaseModel):
    """What a tile says for a span of time. Amounts are in minor units of the store's currency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Sku
    name: Text
    brand: Text | None = None
    size: Text | None = None
    """Net content as printed: `500 g`, `24 oz`."""
    gtin: Gtin | None = None
    price: Amount
    """The effective price of one piece, or of one `measure` of weighed goods."""
    weighed: Flag = False
    """Sold by weight: `price` is for one `unit_measure`."""
    unit_price: UnitPrice | None = None
    unit_measure: Measure | None = None
    unit_in_cents: Flag = False
    """Print the unit price in minor units with a tenth, `14.5¢`, as New Jersey asks below $1."""
    promotion: (
        Literal["special", "percent", "multi-buy", "buy-get", "loyalty", "clearance"] | None
    ) = None
    prior_price: Amount | None = None
    """The prior price, struck through; present only where a cut may be announced."""
    percent_off: Annotated[int, Field(strict=True, ge=1, le=99)] | None = None
    bundle_quantity: Several | None = None
    bundle_price: Amount | None = None
    """`2 for $5`: bundle_quantity 2, bundle_price 500; `price` stays the price of one."""
    pay_quantity: Annotated[int, Field(strict=True, ge=1, le=98)] | None = None
    """How many of the bundle are paid: `buy one, get one free` is 1 of 2, `3 for 2` is 2 of 3."""
    must_buy: Flag = False
    """The bundle price holds only for the whole bundle."""
    limit: Annotated[int, Field(strict=True, ge=1, le=99)] | None = None
    """At most this many a customer at the promotion's price."""
    loyalty_price: Amount | None = None
    """What members pay; `price` stays everybody's."""
    loyalty_unit_price: UnitPrice | None = None
    loyalty_program: Text | None = None
    """The condition for the loyalty price, as printed: `with Family Card`."""
    deposit: Amount | None = None
    """Paid on top and given back; never part of `price` or `unit_price`."""
    reference_price: Amount | None = None
    """The anchor price that Croatian law has stand beside the current one."""
    reference_date: Day | None = None
    promotion_until: Instant | None = None
    """When the promotion ends, for `until 5 July`."""
    new: Flag = False
    """Lately taken into the range."""
    out_of_stock: Flag = False
    back_on: Day | None = None
    """When it is expected again."""
    plu: Annotated[str, Field(pattern=r"^[0-9]{4,5}$")] | None = None
    """Price look-up code of loose produce."""
    origin: Text | None = None
    """Country or region of origin, as printed."""
    image: Asset | None = None
    """A photo of the product."""
    facts: Asset | None = None
    """A `ProductFacts` document: nutrition, allergens, dietary marks."""
    sponsor: Text | None = None
    """Who pays for a sponsored tile; printed on it."""
    slogan: Text | None = None
    stock: Count | None = None
    """Pieces in store, for the staff."""
    facings: Count | None = None
    position: PositionId | None = None
    """Where the tile hangs, for the staff."""
    pick_quantity: Annotated[int, Field(strict=True, ge=1, le=999)] | None = None
    """Pieces to pick for an order, shown as large as it goes."""
    pick_ink: Literal["red", "yellow", "blue", "green"] | None = None
    """The picker's colour, where the panel has it."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        _together(self, "unit_price", "unit_measure")
        _together(self, "bundle_quantity", "bundle_price")
        _together(self, "reference_price", "reference_date")
        _together(self, "loyalty_price", "loyalty_program")
        _needs(self, "loyalty_unit_price", "loyalty_price")
        _needs(self, "loyalty_unit_price", "unit_measure")
        _needs(self, "pay_quantity", "bundle_quantity")
        self._check_amounts()
        return self

    def _check_amounts(self) -> None:
        if self.prior_price is not None and self.prior_price <= self.price:
            raise ValueError(f"prior price {self.prior_price} is not above price {self.price}")
        if self.loyalty_price is not None and self.loyalty_price >= self.price:
            raise ValueError(f"loyalty price {self.loyalty_price} is not below price {self.price}")
        if self.pay_quantity is not None and self.pay_quantity >= (self.bundle_quantity or 0):
            raise ValueError(f"{self.pay_quantity} of {self.bundle_quantity} pieces are no bundle")

    def words(self) -> dict[str, Any]:
        """Return the content as sealed: absent fields and defaults left out."""
        return self.model_dump(exclude_none=True, exclude_defaults=True)


def _together(content: TileContent, first: str, second: str) -> None:
    if (getattr(content, first) is None) != (getattr(content, second) is None):
        raise ValueError(f"{first} and {second} come together or not at all")


def _needs(content: TileContent, field: str, other: str) -> None:
    if getattr(content, field) is not None and getattr(content, other) is None:
        raise ValueError(f"{field} needs {other}")


class Flip(BaseModel):
    """What changes at an instant, against what is shown just before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Instant
    tpl: TemplateName | None = None
    drop: str | None = None
    """Fields that vanish, separated by spaces."""
    change: dict[str, str | int | bool] = Field(default_factory=dict)
    """Fields of TileContent with their new values."""


class Showing(BaseModel):
    """One template with one content, from an instant on (None: since ever)."""

    model_config = ConfigDict(frozen=True)

    since: int | None
    tpl: TemplateName
    content: TileContent


class Tile(BaseModel):
    """One position's tile in the desired twin. `rev` is the seal's of its last change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epoch: Annotated[int, Field(strict=True, ge=0)]
    rev: Annotated[int, Field(strict=True, ge=1)]
    tpl: TemplateName
    now: TileContent
    next: Annotated[dict[str, Flip], Field(max_length=MAX_FLIPS)] = Field(default_factory=dict)

    @field_validator("next")
    @classmethod
    def _in_order(cls, flips: dict[str, Flip]) -> dict[str, Flip]:
        if list(flips) != [str(number) for number in range(1, len(flips) + 1)]:
            flips = dict(sorted(flips.items(), key=lambda item: item[1].at))
            if list(flips) != [str(number) for number in range(1, len(flips) + 1)]:
                raise ValueError("flips are numbered from 1 in the order of their instants")
        instants = [flip.at for flip in flips.values()]
        if any(later <= earlier for earlier, later in itertools.pairwise(instants)):
            raise ValueError("each flip must come after the one before")
        return flips

    @model_validator(mode="after")
    def _every_flip_applies(self) -> Self:
        self.showings()
        return self

    @classmethod
    def of(cls, epoch: int, rev: int, showings: list[Showing]) -> Self:
        """Build a tile from what it shows in turn; the first showing is `now`."""
        first, *later = showings
        flips = {}
        before = first
        for number, showing in enumerate(later, 1):
            flips[str(number)] = _difference(before, showing)
            before = showing
        return cls(epoch=epoch, rev=rev, tpl=first.tpl, now=first.content, next=flips)

    def showings(self) -> list[Showing]:
        """Return all that the tile shows in turn, flips applied one after the other."""
        shown = [Showing(since=None, tpl=self.tpl, content=self.now)]
        for flip in self.next.values():
            shown.append(_applied(shown[-1], flip))
        return shown

    def showing_at(self, instant: int) -> Showing:
        """Return what the tile shows at an instant; a flip holds from its instant on."""
        return [s for s in self.showings() if s.since is None or s.since <= instant][-1]

    def next_flip_after(self, instant: int) -> int | None:
        """Return the instant of the first flip after `instant`, or None."""
        return next((flip.at for flip in self.next.values() if flip.at > instant), None)

    def same_words(self, other: "Tile") -> bool:
        """Tell whether two tiles say the same, whatever their revisions."""
        return (self.tpl, self.now, self.next) == (other.tpl, other.now, other.next)


def _difference(before: Showing, after: Showing) -> Flip:
    if after.since is None:
        raise ContractError("every showing after the first needs its instant")
    old, new = before.content.words(), after.content.words()
    return Flip(
        at=after.since,
        tpl=after.tpl if after.tpl != before.tpl else None,
        drop=" ".join(sorted(old.keys() - new.keys())) or None,
        change={key: value for key, value in new.items() if old.get(key) != value},
    )


def _applied(before: Showing, flip: Flip) -> Showing:
    words = before.content.words()
    for field in (flip.drop or "").split():
        if field not in words:
            raise ValueError(f"flip at {flip.at} drops {field!r}, which is not shown before it")
        del words[field]
    content = TileContent.model_validate({**words, **flip.change})
    return Showing(since=flip.at, tpl=flip.tpl or before.tpl, content=content)
