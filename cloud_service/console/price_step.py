"""A step from one price to another: what it is in words, and whether somebody should look twice.

Pure.
"""

from dataclasses import dataclass

from cloud_service.console.manner import Manner, percent
from cloud_service.console.tiles import sentence
from label_templates.contract.errors import MoneyError
from label_templates.contract.money import parse_amount


@dataclass(frozen=True)
class PriceStep:
    """From `old` (None: there was no price) to `new`, minor units."""

    old: int | None
    new: int

    @property
    def same(self) -> bool:
        """Whether nothing would change."""
        return self.old == self.new

    @property
    def large(self) -> bool:
        """Whether it is by half or more: rare enough to ask, common enough to allow."""
        return self.old is not None and 2 * abs(self.new - self.old) >= self.old

    @property
    def slipped(self) -> bool:
        """Whether it looks like a decimal point in the wrong place: near ten-fold or a tenth."""
        if self.old is None:
            return False
        low, high = sorted((self.old, self.new))
        return 8 * low <= high <= 12 * low

    def words(self, manner: Manner) -> str:
        """Write the step: `5,99 € → 6,49 € (+8.3 %)`."""
        if self.old is None:
            return f"First price {manner.money(self.new)}"
        if self.same:
            return f"{manner.money(self.new)} is the price already"
        step = percent(self.old, self.new)
        return f"{manner.money(self.old)} → {manner.money(self.new)} ({step})"

    def question(self, manner: Manner) -> str:
        """Return what to ask before such a step is taken; empty where nothing needs asking."""
        if not self.large or self.old is None:
            return ""
        ask = f"from {manner.money(self.old)} to {manner.money(self.new)}"
        if self.slipped:
            return f"Is the decimal point right? This is about ten-fold, {ask}."
        return f"This is a large step, {ask}."


@dataclass(frozen=True)
class Written:
    """What somebody wrote into the price's field: an amount, or what is wrong with it."""

    text: str
    minor: int | None
    wrong: str = ""


def read_price(text: str, manner: Manner) -> Written:
    """Read a price as people write it: `6.49`, `6,49`, `6,49 €`."""
    bare = text.replace(manner.symbol(), "").replace(manner.currency, "").strip()
    if not bare:
        return Written(text, None, "Enter the new price.")
    try:
        return Written(text, parse_amount(bare, manner.currency))
    except MoneyError as error:
        return Written(text, None, sentence(str(error)))
