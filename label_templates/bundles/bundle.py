"""A bundle to draw with: in memory, or over whatever keeps its blobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import Manifest, sha256_of
from label_templates.bundles.media import media_type
from label_templates.layout.claims import drawable
from label_templates.layout.errors import AssetError, UnknownTemplateError

SUFFIX = ".xml.j2"


@dataclass(frozen=True)
class Bundle:
    """A bundle in memory: templates by name, `price/standard`, and files by path."""

    sources: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def manifest(self) -> Manifest:
        """What the bundle holds; BundleError names what cannot be in one."""
        return Manifest.of(
            {name: source.encode() for name, source in self.sources.items()},
            {path: (data, media_type(path, data)) for path, data in self.files.items()},
        )

    @property
    def digest(self) -> str:
        """The bundle's name: `sha256:` and 64 hex digits."""
        return self.manifest.digest

    def names(self) -> tuple[str, ...]:
        """Return the names of the templates that can be drawn, sorted: without those of `base/`."""
        return drawable(self.sources)

    def template(self, name: str) -> str:
        """Return a template's source; raise UnknownTemplateError naming those there are."""
        if name not in self.sources:
            raise _unknown(name, self.names())
        return self.sources[name]

    def asset(self, digest: str) -> bytes:
        """Return the file whose SHA-256 this is; raise AssetError where there is none."""
        if digest not in self._assets:
            raise _no_asset(digest)
        return self._assets[digest]

    def blob(self, sha256: str) -> bytes:
        """Return the blob of one part of the manifest."""
        return self._sources[sha256] if sha256 in self._sources else self.asset(sha256)

    @cached_property
    def _assets(self) -> Mapping[str, bytes]:
        return {sha256_of(data): data for data in self.files.values()}

    @cached_property
    def _sources(self) -> Mapping[str, bytes]:
        encoded = (source.encode() for source in self.sources.values())
        return {sha256_of(data): data for data in encoded}


@dataclass(frozen=True)
class StoredBundle:
    """A bundle whose blobs are read when they are needed; `blob` checks them by their hash."""

    manifest: Manifest
    blob: Callable[[str], bytes]

    @property
    def digest(self) -> str:
        """The bundle's name: `sha256:` and 64 hex digits."""
        return self.manifest.digest

    def names(self) -> tuple[str, ...]:
        """Return the names of the templates that can be drawn, sorted: without those of `base/`."""
        return drawable(self.manifest.templates)

    def template(self, name: str) -> str:
        """Return a template's source; raise UnknownTemplateError naming those there are."""
        part = self.manifest.templates.get(name)
        if part is None:
            raise _unknown(name, self.names())
        try:
            return self.blob(part.sha256).decode()
        except UnicodeDecodeError as error:
            raise BundleError(f"template {name}: not UTF-8 at byte {error.start}") from error

    def asset(self, digest: str) -> bytes:
        """Return the file whose SHA-256 this is; raise AssetError where there is none."""
        if digest not in self.manifest.assets:
            raise _no_asset(digest)
        return self.blob(digest)


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
        elif entry.name.endswith(SUFFIX):
            found[prefix + entry.name.removesuffix(SUFFIX)] = entry.read_text("utf-8")


def _unknown(name: str, names: tuple[str, ...]) -> UnknownTemplateError:
    known = ", ".join(names) or "none"
    return UnknownTemplateError(f"unknown template {name!r}; the bundle has {known}")


def _no_asset(digest: str) -> AssetError:
    return AssetError(f"the bundle has no file {digest[:12]}")
