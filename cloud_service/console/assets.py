"""Styles, scripts and icons, under an address that holds their hash: browsers keep them for ever.

All files share one hash: a script's own imports stay relative and still never go stale.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cloud_service.console.addresses import LIST_PIXELS
from label_templates.contract.panel import CATALOGUE, PanelSpec

_HERE = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file and its media type."""

    body: bytes
    media_type: str


class Assets:
    """Every static file of the console, read once."""

    def __init__(self) -> None:
        self._files = {
            path.name: Asset(path.read_bytes(), _TYPES[path.suffix])
            for path in sorted(_HERE.iterdir())
            if path.suffix in _TYPES
        }
        self._files["panels.css"] = Asset(panel_styles().encode(), _TYPES[".css"])

    @cached_property
    def digest(self) -> str:
        """The hash of all files."""
        sums = (f"{name}\0".encode() + self._files[name].body for name in sorted(self._files))
        return hashlib.blake2b(b"\0".join(sums), digest_size=8).hexdigest()

    def url(self, name: str) -> str:
        """Return a file's address; KeyError where there is none of that name."""
        self._files[name]
        return f"/static/{self.digest}/{name}"

    def find(self, digest: str, name: str) -> Asset | None:
        """Return a file by its address' parts, None where that was never or is no more."""
        return self._files.get(name) if digest == self.digest else None


def panel_styles() -> str:
    """Return the sizes of all panels and regions as style rules: inline styles are barred."""
    specs = [spec for whole in CATALOGUE.values() for spec in (whole, *whole.regions())]
    return "\n".join(_rule(spec) for spec in specs)


def panel_class(panel: str) -> str:
    """Return the class of a panel's pictures."""
    return "p-" + panel.replace(".", "-").replace("@", "-at-")


def _rule(spec: PanelSpec) -> str:
    width = min(spec.width, LIST_PIXELS) // 2
    return f".{panel_class(spec.name)}{{--w:{width}px;--shape:{spec.width}/{spec.height}}}"
