"""Facts about a product that are too long for a twin and travel by hash, as a file of a bundle.

Sourced data only: what is absent is unknown, and nothing is ever inferred from it. Order and words
of the nutrition table: Regulation (EU) 1169/2011, annex XV; 21 CFR 101.9 in the United States.
"""

import json
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from label_templates.contract.errors import ContractError

Line = Annotated[str, Field(min_length=1, max_length=200)]


class Nutrient(BaseModel):
    """One line of a nutrition table, as printed: `Fat`, `3.5 g`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    amount: Line
    indent: Annotated[bool, Field(strict=True)] = False
    """Part of the line above: `of which sugars`."""


class ProductFacts(BaseModel):
    """What is printed about a product beside its price; lines are in the store's language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per: Line | None = None
    """What the nutrition table is for: `100 g`, `1 serving (55 g)`."""
    nutrition: tuple[Nutrient, ...] = ()
    allergens: tuple[Line, ...] = ()
    dietary: tuple[Line, ...] = ()
    """Marks that the producer or a certifier gives: `Vegan`, `Organic`."""
    origin: Line | None = None
    ingredients: Annotated[str, Field(max_length=2000)] | None = None

    @classmethod
    def read(cls, data: bytes) -> "ProductFacts":
        """Read a JSON document in UTF-8; ContractError names the field that is wrong."""
        try:
            return cls.model_validate(json.loads(data))
        except ValidationError as error:
            found = error.errors(include_url=False)[0]
            where = ".".join(map(str, found["loc"])) or "document"
            raise ContractError(f"product facts: {where}: {found['msg']}") from error
        except ValueError as error:
            raise ContractError(f"product facts: not JSON: {error}") from error
