"""A bundle's manifest: its templates and files, each by the SHA-256 of its bytes. Pure.

The manifest's canonical bytes (RFC 8785) give the bundle its name, so two machines that name the
same digest have the same bundle, and a photo that changes moves one blob and one manifest. Whoever
receives either checks it against the name that was asked for.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from label_templates.bundles.errors import BundleError
from label_templates.contract import wire

MAX_MANIFEST_BYTES = 2 * 2**20
MAX_TEMPLATE_BYTES = 256 * 1024
MAX_FILE_BYTES = 8 * 2**20
MAX_BUNDLE_BYTES = 256 * 2**20
"""What a device keeps by default: a larger bundle could not be held beside the one in use."""
MAX_PARTS = 10_000

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
TemplatePath = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*){1,3}$", max_length=64)
]
FilePath = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*(/[0-9A-Za-z][0-9A-Za-z._-]*)*$", max_length=120),
]
MediaType = Literal["image/png", "image/jpeg", "image/webp", "application/json"]


class Part(BaseModel):
    """One blob: its SHA-256 and its size in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Sha256
    size: Annotated[int, Field(strict=True, ge=0, le=MAX_FILE_BYTES)]


class TemplatePart(Part):
    """A template's source, UTF-8."""

    size: Annotated[int, Field(strict=True, ge=0, le=MAX_TEMPLATE_BYTES)]


class FilePart(Part):
    """A file that tiles name by its SHA-256: a photo, or a ProductFacts document."""

    type: MediaType


class Manifest(BaseModel):
    """What a bundle holds, by name: templates such as `price/standard`, files by their paths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    templates: Annotated[dict[TemplatePath, TemplatePart], Field(min_length=1)]
    files: dict[FilePath, FilePart] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_held(self) -> Self:
        if len(self.templates) + len(self.files) > MAX_PARTS:
            raise ValueError(f"more than {MAX_PARTS} templates and files")
        if self.size > MAX_BUNDLE_BYTES:
            raise ValueError(f"{self.size} bytes; a bundle has at most {MAX_BUNDLE_BYTES}")
        return self

    @classmethod
    def read(cls, data: bytes) -> "Manifest":
        """Read canonical bytes; BundleError names what is wrong."""
        if len(data) > MAX_MANIFEST_BYTES:
            raise BundleError(f"manifest: longer than {MAX_MANIFEST_BYTES} bytes")
        try:
            document = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BundleError(f"manifest: not JSON: {error}") from error
        found = cls._checked(document)
        if found.canonical != data:
            raise BundleError("manifest: not in its canonical form")
        return found

    @classmethod
    def of(cls, templates: Mapping[str, bytes], files: Mapping[str, tuple[bytes, str]]) -> Self:
        """List templates by name and files, with their media types, by path.

        Raises BundleError naming what cannot be in a bundle.
        """
        return cls._checked(
            {
                "templates": {name: _part(data) for name, data in templates.items()},
                "files": {path: {**_part(data), "type": kind} for path, (data, kind)
                          in files.items()},
            }
        )  # fmt: skip

    @classmethod
    def _checked(cls, document: object) -> Self:
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "document"
            raise BundleError(f"manifest: {place}: {first['msg']}") from error

    @cached_property
    def canonical(self) -> bytes:
        """The one byte form, which the digest is over."""
        return wire.canonical(self.model_dump(by_alias=True))

    @cached_property
    def digest(self) -> str:
        """The bundle's name: `sha256:` and 64 hex digits."""
        return digest_of(self.canonical)

    @property
    def size(self) -> int:
        """Bytes of all blobs, each counted once."""
        return sum(part.size for part in self.parts.values())

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """Every blob by its SHA-256, templates first."""
        return {part.sha256: part for part in self._parts()}

    @cached_property
    def assets(self) -> Mapping[str, FilePart]:
        """The files by their SHA-256, as tiles name them."""
        return {part.sha256: part for part in self.files.values()}

    def _parts(self) -> Iterator[Part]:
        yield from self.templates.values()
        yield from self.files.values()


def _part(data: bytes) -> dict[str, object]:
    return {"sha256": sha256_of(data), "size": len(data)}


def sha256_of(data: bytes) -> str:
    """Return the 64 hex digits that name a blob."""
    return hashlib.sha256(data).hexdigest()


def digest_of(manifest: bytes) -> str:
    """Return the name of the bundle whose manifest has these bytes."""
    return f"sha256:{sha256_of(manifest)}"


def checked_manifest(digest: str, data: bytes) -> Manifest:
    """Read the manifest of the bundle of this name; BundleError where it is another or none."""
    if digest_of(data) != digest:
        raise BundleError(f"manifest of {short(digest)}: its bytes are those of {digest_of(data)}")
    return Manifest.read(data)


def checked_blob(part: Part, data: bytes) -> bytes:
    """Return a blob's bytes; BundleError where they are not those that it is named after."""
    if len(data) != part.size or sha256_of(data) != part.sha256:
        raise BundleError(f"file {part.sha256[:12]}: its bytes are not those it is named after")
    return data


def short(digest: str) -> str:
    """Return a digest as messages name it: `sha256:0123456789ab`."""
    return digest[: len("sha256:") + 12]
