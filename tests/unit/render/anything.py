"""Contents of tiles as no shop has them: every field may be there, long, large or strange."""

from typing import Any, get_args

from hypothesis import strategies as st

from label_templates.contract.identifiers import check_digit
from label_templates.contract.tile import Measure, TileContent

MOST = 99_999_999
amounts = st.integers(1, MOST)
unit_prices = st.integers(0, 100 * MOST)
texts = st.text("ABCDEFGabcdefgČĆŽŠĐčćžšđÉßŁΩЖ0123456789 -/.,&%", min_size=1, max_size=120)
_SHORT = st.text("abcdefgČŽ 0123", min_size=1, max_size=24)


def content(**more: Any) -> TileContent:
    """Return a small content with some fields of one's own."""
    return TileContent.model_validate({"sku": "1", "name": "Kava", "price": 199, **more})


@st.composite
def contents(draw: st.DrawFn) -> TileContent:
    """Draw any content that the contract takes, but for photos and facts."""
    price = draw(amounts)
    parts = (_product(draw), _unit_prices(draw), _promotion(draw, price), _loyalty(draw, price))
    fields: dict[str, Any] = {"price": price}
    for part in parts:
        fields |= part
    if fields.get("loyalty_unit_price") is not None and "unit_measure" not in fields:
        del fields["loyalty_unit_price"]
    return content(**fields)


def _product(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": draw(texts),
        "brand": draw(st.none() | texts),
        "size": draw(st.none() | texts),
        "origin": draw(st.none() | texts),
        "plu": draw(st.none() | st.from_regex(r"\A[0-9]{4,5}\Z")),
        "weighed": draw(st.booleans()),
        "new": draw(st.booleans()),
        "deposit": draw(st.none() | amounts),
    }
    if draw(st.booleans()):
        digits = draw(st.sampled_from([7, 11, 12, 13]))
        body = f"{draw(st.integers(0, 10**digits - 1)):0{digits}}"
        fields["gtin"] = body + check_digit(body)
    if draw(st.booleans()):
        fields |= {"reference_price": draw(amounts), "reference_date": "2025-05-02"}
    return fields


def _unit_prices(draw: st.DrawFn) -> dict[str, Any]:
    if not draw(st.booleans()):
        return {}
    return {
        "unit_price": draw(unit_prices),
        "unit_measure": draw(st.sampled_from(get_args(Measure))),
        "unit_in_cents": draw(st.booleans()),
    }


def _promotion(draw: st.DrawFn, price: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "promotion_until": draw(st.none() | st.integers(0, 2**35)),
        "limit": draw(st.none() | st.integers(1, 99)),
    }
    if draw(st.booleans()):
        quantity = draw(st.integers(2, 99))
        fields |= {"bundle_quantity": quantity, "bundle_price": draw(amounts)}
        fields |= {"promotion": "multi-buy", "must_buy": draw(st.booleans())}
        if draw(st.booleans()):
            fields |= {"promotion": "buy-get", "pay_quantity": draw(st.integers(1, quantity - 1))}
    if draw(st.booleans()) and price < MOST:
        fields |= {"promotion": "percent", "percent_off": draw(st.integers(1, 99))}
        fields |= {"prior_price": draw(st.integers(price + 1, MOST))}
    return fields


def _loyalty(draw: st.DrawFn, price: int) -> dict[str, Any]:
    if price == 1 or not draw(st.booleans()):
        return {}
    return {
        "loyalty_price": draw(st.integers(1, price - 1)),
        "loyalty_program": draw(_SHORT | texts),
        "loyalty_unit_price": draw(st.none() | unit_prices),
    }
