"""One sample: a template, a name for it, a content and the store that prints it."""

from dataclasses import dataclass
from typing import Any, Self

from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords


@dataclass(frozen=True, slots=True)
class Sample:
    """A tile that a shop could hang. Names are unique within a template: `penne-hr`."""

    template: str
    name: str
    store: StoreWords
    content: TileContent

    @classmethod
    def of(cls, template: str, name: str, store: StoreWords, /, *parts: Any, **more: Any) -> Self:
        """Put a sample together of some fields that others share and some of its own."""
        fields: dict[str, Any] = {"sku": "90312379"}
        for part in (*parts, more):
            fields |= part
        return cls(template, name, store, TileContent.model_validate(fields))

    @property
    def slug(self) -> str:
        """Return a name for files: `price-standard.penne-hr`."""
        return f"{self.template.replace('/', '-')}.{self.name}"
