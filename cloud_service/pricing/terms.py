"""Terms of promotions as documents, for the database and the API: `{"kind": "percent", ...}`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cloud_service.errors import Invalid
from cloud_service.pricing.promotions import (
    AmountOff,
    BuyGet,
    Clearance,
    FixedPrice,
    Group,
    MultiBuy,
    PercentOff,
    Terms,
)

_KINDS: dict[str, type[Terms]] = {
    "percent": PercentOff,
    "amount": AmountOff,
    "fixed": FixedPrice,
    "clearance": Clearance,
    "multi-buy": MultiBuy,
    "buy-get": BuyGet,
    "group": Group,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_READERS: dict[str, TypeAdapter[Terms]] = {
    name: TypeAdapter(kind, config=None) for name, kind in _KINDS.items()
}


def document_of(terms: Terms) -> dict[str, Any]:
    """Write terms as a document of plain values."""
    return {"kind": _NAMES[type(terms)], **asdict(terms)}


def terms_of(document: Mapping[str, Any]) -> Terms:
    """Read terms; Invalid names the field that is wrong."""
    kind = document.get("kind")
    if kind not in _READERS:
        raise Invalid("terms", f"kind {kind!r} is unknown; known are {', '.join(_KINDS)}")
    given = {name: value for name, value in document.items() if name != "kind"}
    unknown = given.keys() - _KINDS[kind].__dataclass_fields__.keys()
    if unknown:
        raise Invalid("terms", f"{kind} has no {', '.join(sorted(unknown))}")
    try:
        return _READERS[kind].validate_python(given)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        place = ".".join(["terms", *map(str, found["loc"])])
        raise Invalid(place, found["msg"]) from error
