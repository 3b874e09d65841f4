"""A tile: what one position shows now, and its next flips with their instants.

Everything in a tile is sealed, so it holds strings, integers and booleans only, never null or
float; a field that does not apply is absent. Instants are integer UTC seconds.
"""

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import Gtin, Sku
from label_templates.contract.money import MAX_AMOUNT_MINOR

Amount = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT_MINOR)]
Instant = Annotated[int, Field(strict=True, ge=0, lt=2**40)]
Text = Annotated[str, Field(min_length=1, max_length=120)]
TemplateName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$", max_length=64)]
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
    weighed: Annotated[bool, Field(strict=True)] = False
    """Sold by weight: `price` is for one `unit_measure`."""
    unit_price: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT_MINOR * 100)] | None = None
    """Hundredths of a minor unit for one `unit_measure`, already rounded as the law says."""
    unit_measure: Measure | None = None
    unit_in_cents: Annotated[bool, Field(strict=True)] = False
    """Print the unit price in minor units with a tenth, `14.5¢`, as New Jersey asks below $1."""
    promotion: Literal["special", "percent", "multi-buy"] | None = None
    prior_price: Amount | None = None
    """The prior price, struck through; present only where a cut may be announced."""
    percent_off: Annotated[int, Field(strict=True, ge=1, le=99)] | None = None
    bundle_quantity: Annotated[int, Field(strict=True, ge=2, le=99)] | None = None
    bundle_price: Amount | None = None
    """`2 for $5`: bundle_quantity 2, bundle_price 500; `price` stays the price of one."""
    must_buy: Annotated[bool, Field(strict=True)] = False
    """The bundle price holds only for the whole bundle."""
    reference_price: Amount | None = None
    """The anchor price that Croatian law has stand beside the current one."""
    reference_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    promotion_until: Instant | None = None
    """When the promotion ends, for `until 5 July`."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        _together(self, "unit_price", "unit_measure")
        _together(self, "bundle_quantity", "bundle_price")
        _together(self, "reference_price", "reference_date")
        if self.prior_price is not None and self.prior_price <= self.price:
            raise ValueError(f"prior price {self.prior_price} is not above price {self.price}")
        return self

    def words(self) -> dict[str, Any]:
        """Return the content as sealed: absent fields and defaults left out."""
        return self.model_dump(exclude_none=True, exclude_defaults=True)


def _together(content: TileContent, first: str, second: str) -> None:
    if (getattr(content, first) is None) != (getattr(content, second) is None):
        raise ValueError(f"{first} and {second} come together or not at all")


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
