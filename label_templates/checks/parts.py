"""Does a tile say what it must: its price, the right one, and what the law has stand beside it.

What counts is drawn, node by node: `price`, `unit-price`, `unit-price-label`, `prior`, `reference`,
`loyalty-price`, `loyalty-unit-price`, `loyalty-condition`, `deposit`. A tile that shows no price, a
page of facts for instance, owes nothing.
"""

from collections.abc import Callable, Iterator

from label_templates.checks.demands import Asked, Demand, Demands
from label_templates.checks.drawn import Drawn, Node
from label_templates.checks.finding import Finding

PRICED = "price/"
"""Templates of this group show a price."""

Check = Callable[[Drawn, Demand], Iterator[Finding]]


def parts(drawn: Drawn, demands: Demands) -> Iterator[Finding]:
    """Yield what a tile must say and does not, or says wrong."""
    prices = drawn.named("price")
    if prices:
        yield from _amounts(drawn, prices)
        yield from _per_what(drawn, prices)
        yield from _deposit(drawn, demands)
        for demand in demands:
            if demand.asks in _CHECKS:
                yield from _CHECKS[demand.asks](drawn, demand)
    elif drawn.tile.tpl.startswith(PRICED):
        yield Finding("error", "price-missing", "the price is not on the tile")


def _amounts(drawn: Drawn, prices: list[Node]) -> Iterator[Finding]:
    """Yield a price that is none of the content's: the template prints another field."""
    content, formats = drawn.tile.content, drawn.formats
    amounts = (content.price, content.bundle_price, content.loyalty_price)
    for node in prices:
        shown = _digits("".join([run.text for run in node.runs]))
        if not any(
            shown == _digits(write(amount).text)
            for amount in amounts
            if amount is not None
            for write in (formats.money, formats.short_money)
        ):
            reason = f"shows the digits {shown}; the price is {formats.money(content.price)}"
            yield Finding("error", "wrong-price", reason, node.place)


def _per_what(drawn: Drawn, prices: list[Node]) -> Iterator[Finding]:
    content = drawn.tile.content
    if content.weighed and content.unit_measure is not None:
        measure = drawn.formats.measure(content.unit_measure)
        if not any(_says(node, measure) for node in (*prices, *drawn.named("unit-price"))):
            reason = f"is the price of one {measure}, which the tile does not say"
            yield Finding("error", "measure-missing", reason, prices[0].place)


def _deposit(drawn: Drawn, demands: Demands) -> Iterator[Finding]:
    """Yield a deposit that is charged and not shown: nobody may pay more than a tile says."""
    if drawn.tile.content.deposit is not None and not drawn.named("deposit"):
        asked = next((demand for demand in demands if demand.asks == "deposit"), None)
        citation = asked.citation if asked else None
        yield Finding("error", "deposit-missing", "the deposit is not on the tile", None, citation)


def _unit_price(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    content = drawn.tile.content
    same = content.weighed and content.unit_price == content.price * 100
    if content.unit_price is not None and not same and not drawn.named("unit-price"):
        yield _lacks(demand, "the unit price is not on the tile")


def _heading(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    found = drawn.named("unit-price")
    if found and not drawn.named("unit-price-label"):
        yield _wrong(demand, "has no heading", found[0])


def _first(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    """Yield a unit price that stands neither above nor left of the price."""
    price = drawn.named("price")[0].box
    for node in drawn.named("unit-price")[:1]:
        above, left = node.box.y + node.box.height, node.box.x + node.box.width
        if above > price.y and left > price.x:
            yield _wrong(demand, "stands neither above nor left of the price", node)


def _ink(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    """Yield a unit price in the colours of the price."""
    price = drawn.named("price")[0]
    for node in drawn.named("unit-price")[:1]:
        if (node.runs[0].ink, node.ground) == (price.runs[0].ink, price.ground):
            yield _wrong(demand, "has the colour of the price", node)


def _prior(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    content = drawn.tile.content
    if content.prior_price is not None:
        if not drawn.named("prior"):
            yield _lacks(demand, "the prior price is not on the tile, although its price is cut")
    elif content.percent_off is not None:
        percent = drawn.formats.percent(content.percent_off)
        for node in drawn.nodes:
            if _says(node, percent):
                yield _wrong(demand, f"announces {percent} off, but no prior price is known", node)


def _reference(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    content, found = drawn.tile.content, drawn.named("reference")
    if content.reference_date is None:
        reason = "no reference price is known, so the tile shows none"
        yield Finding("warning", "reference-unknown", reason, None, demand.citation)
    elif not found:
        yield _lacks(demand, "the reference price is not on the tile")
    else:
        day = drawn.formats.date(content.reference_date)
        if not any(_says(node, day) for node in (*found, *drawn.named("reference-date"))):
            yield _wrong(demand, f"does not say that it is the price of {day}", found[0])


def _loyalty_unit_price(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    content, found = drawn.tile.content, drawn.named("loyalty-price")
    if found and content.unit_price is not None:
        if content.loyalty_unit_price is None:
            yield _wrong(demand, "has no unit price of its own", found[0])
        elif not drawn.named("loyalty-unit-price"):
            yield _lacks(demand, "the unit price of the loyalty price is not on the tile")


def _loyalty_condition(drawn: Drawn, demand: Demand) -> Iterator[Finding]:
    if drawn.named("loyalty-price") and not drawn.named("loyalty-condition"):
        yield _lacks(demand, "the condition of the loyalty price is not on the tile")


_CHECKS: dict[Asked, Check] = {
    "unit-price": _unit_price,
    "unit-price-heading": _heading,
    "unit-price-first": _first,
    "unit-price-ink": _ink,
    "prior": _prior,
    "reference": _reference,
    "loyalty-unit-price": _loyalty_unit_price,
    "loyalty-condition": _loyalty_condition,
}


def _lacks(demand: Demand, reason: str) -> Finding:
    """Return that a part is missing: it stands nowhere, so no node can be named."""
    return Finding(demand.level, f"{demand.asks}-missing", reason, None, demand.citation)


def _wrong(demand: Demand, reason: str, node: Node) -> Finding:
    return Finding(demand.level, demand.asks, reason, node.place, demand.citation)


def _says(node: Node, text: str) -> bool:
    return any(text in run.text for run in node.runs)


def _digits(text: str) -> str:
    return "".join([letter for letter in text if letter.isdecimal()])
