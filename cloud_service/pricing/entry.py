"""A price entry: everything the book says about what a product costs in a zone."""

from dataclasses import dataclass, fields, replace

from cloud_service.pricing.window import Window
from label_templates.contract.money import MAX_AMOUNT_MINOR


@dataclass(frozen=True)
class PriceEntry:
    """Prices of one product. Amounts are minor units; windows are half-open, UTC seconds.

    `regular` may be unknown while a special price without end is in force: some price lists give
    only the price that is charged. `low_30` is the lowest price of the 30 days before the special
    price. A multi-buy is `multi_quantity` pieces for `multi_price`; with `multi_must_buy` one
    piece alone costs what it costs without it.
    """

    regular: int | None = None
    special: int | None = None
    special_from: int | None = None
    special_until: int | None = None
    low_30: int | None = None
    reference: int | None = None
    reference_date: str | None = None
    multi_quantity: int | None = None
    multi_price: int | None = None
    multi_must_buy: bool = False
    multi_from: int | None = None
    multi_until: int | None = None

    @property
    def special_window(self) -> Window:
        """When the special price holds."""
        return Window(self.special_from, self.special_until)

    @property
    def multi_window(self) -> Window:
        """When the multi-buy holds."""
        return Window(self.multi_from, self.multi_until)

    def charged_from_now(self, amount: int, now: int) -> "PriceEntry":
        """Return the entry when somebody sets the price: from now on one piece costs `amount`.

        It becomes the regular price. A promotion in force that makes one piece cost something
        else ends with it, or the shelf would go on showing that; what is still to come stays. A
        must-buy stays while it still saves something. What a promotion still to come may be
        compared with is at most this price: it is applied in the 30 days before (98/6/EC art. 6a).
        """
        low_30 = None if self.low_30 is None else min(self.low_30, amount)
        entry = replace(self, regular=amount, low_30=low_30)
        if self.special_window.since is None or self.special_window.since <= now:
            entry = entry.without_special()
        if entry._multi_ends(amount, now):
            entry = entry.without_multi()
        return entry

    def _multi_ends(self, amount: int, now: int) -> bool:
        if self.multi_quantity is None or self.multi_price is None:
            return False
        if self.multi_price >= self.multi_quantity * amount:
            return True
        return not self.multi_must_buy and self.multi_window.holds(now)

    def without_special(self) -> "PriceEntry":
        """Return the entry without its special price."""
        return replace(self, special=None, special_from=None, special_until=None, low_30=None)

    def without_multi(self) -> "PriceEntry":
        """Return the entry without its multi-buy."""
        return replace(
            self,
            multi_quantity=None,
            multi_price=None,
            multi_must_buy=False,
            multi_from=None,
            multi_until=None,
        )


COLUMNS = tuple(field.name for field in fields(PriceEntry))
"""The fields in the order of the price book's columns."""


def flaw(entry: PriceEntry) -> tuple[str, str] | None:
    """Return (field, reason) of the first thing that makes an entry no price, or None.

    Whatever instant is asked for, an entry without a flaw has exactly one effective price.
    """
    for check in (_amounts, _special, _multi, _reference):
        found = check(entry)
        if found:
            return found
    return None


Flaw = tuple[str, str]


def _amounts(entry: PriceEntry) -> Flaw | None:
    for field in ("regular", "special", "low_30", "reference", "multi_price"):
        amount = getattr(entry, field)
        if amount is not None and not 0 < amount <= MAX_AMOUNT_MINOR:
            return field, f"{amount} minor units can be no price"
    return None


def _special(entry: PriceEntry) -> Flaw | None:
    if entry.special is None:
        if entry.special_from is not None or entry.special_until is not None:
            return "special", "a special price's dates are given without the special price"
        return None if entry.regular is not None else ("regular", "there is no price at all")
    if entry.regular is None and (
        entry.special_from is not None or entry.special_until is not None
    ):
        return "regular", "the special price does not hold always, so a regular price is needed"
    return _order("special_until", entry.special_window)


def _multi(entry: PriceEntry) -> Flaw | None:
    quantity, price = entry.multi_quantity, entry.multi_price
    if quantity is None or price is None:
        return _no_multi(entry)
    if not 2 <= quantity <= 99:
        return "multi_quantity", f"{quantity} is no quantity of a multi-buy; 2 to 99 are possible"
    if entry.regular is None:
        return "regular", "a multi-buy needs the regular price"
    if price >= quantity * entry.regular:
        return "multi_price", f"{quantity} singly cost no more than the multi-buy"
    return _order("multi_until", entry.multi_window)


def _no_multi(entry: PriceEntry) -> Flaw | None:
    if entry.multi_quantity is not None or entry.multi_price is not None:
        return "multi_quantity", "a multi-buy needs both its quantity and its price"
    windowed = entry.multi_from is not None or entry.multi_until is not None
    if windowed or entry.multi_must_buy:
        return "multi_quantity", "a multi-buy's terms are given without the multi-buy"
    return None


def _reference(entry: PriceEntry) -> Flaw | None:
    if (entry.reference is None) != (entry.reference_date is None):
        return "reference", "a reference price and its date come together"
    return None


def _order(field: str, window: Window) -> Flaw | None:
    if window.since is not None and window.until is not None and window.until <= window.since:
        return field, "the end is not after the beginning"
    return None
