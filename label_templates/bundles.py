"""Bundles: the templates a shelf draws with, packed and named by what they contain.

A bundle's digest is over its canonical content, so two machines that name the same digest draw
with the same templates, whatever their versions.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from label_templates.layout.errors import UnknownTemplateError

_SUFFIX = ".xml.j2"


@dataclass(frozen=True)
class Bundle:
    """Templates by name, `price/standard`, with their sources as text."""

    sources: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """Return `sha256:` and 64 hex digits over names and sources in canonical JSON."""
        canonical = json.dumps(
            dict(self.sources), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()

    def names(self) -> tuple[str, ...]:
        """Return the names of the templates, sorted."""
        return tuple(sorted(self.sources))

    def template(self, name: str) -> str:
        """Return a template's source; raise UnknownTemplateError naming those there are."""
        if name not in self.sources:
            known = ", ".join(self.names()) or "none"
            raise UnknownTemplateError(f"unknown template {name!r}; the bundle has {known}")
        return self.sources[name]


@cache
def installed_bundle() -> Bundle:
    """Return the bundle of the templates that came with this installation."""
    found: dict[str, str] = {}
    _collect(files("label_templates") / "templates", "", found)
    return Bundle(MappingProxyType(found))


def _collect(folder: Traversable, prefix: str, found: dict[str, str]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _collect(entry, f"{prefix}{entry.name}/", found)
        elif entry.name.endswith(_SUFFIX):
            found[prefix + entry.name.removesuffix(_SUFFIX)] = entry.read_text("utf-8")
