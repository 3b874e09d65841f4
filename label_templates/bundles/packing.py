"""One file that carries a bundle, and the folder that people edit.

The file is a zip of the manifest and the blobs, stored and not compressed, without times or owners:
the same bundle gives the same bytes on every machine. Reading it believes nothing: every blob is
checked against the manifest, and there is nothing else in it.
"""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from label_templates.bundles.bundle import SUFFIX, Bundle, StoredBundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import (
    MAX_FILE_BYTES,
    MAX_MANIFEST_BYTES,
    Manifest,
    Part,
    checked_blob,
)

MANIFEST = "manifest.json"
FILE_SUFFIX = ".bundle.zip"
_BLOBS = "blobs/"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_RIGHTS = 0o644 << 16
_UNIX = 3
_BROKEN_ZIP = (
    zipfile.BadZipFile, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip
"""What zipfile raises at files that are no zip, or were one."""


def read_folder(folder: Path) -> Bundle:
    """Read the templates and files below a folder; BundleError names the one that cannot be.

    `price/standard.xml.j2` is the template price/standard; everything else is a picture or a
    ProductFacts document. What begins with a dot is left out.
    """
    sources: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for path in _files_below(folder):
        name = path.relative_to(folder).as_posix()
        data = _read_file(path, name)
        if name.endswith(SUFFIX):
            sources[name.removesuffix(SUFFIX)] = _text(name, data)
        else:
            files[name] = data
    if not sources:
        raise BundleError(f"{folder}: there is no template in it, no file {SUFFIX}")
    bundle = Bundle(sources, files)
    bundle.manifest  # noqa: B018  says what cannot be in a bundle
    return bundle


def write_folder(bundle: Bundle | StoredBundle, folder: Path) -> int:
    """Write a bundle's templates and files below a folder; return how many.

    Raises BundleError where something of that name is there already; nothing is written then.
    """
    manifest = bundle.manifest
    parts: dict[str, Part] = {f"{name}{SUFFIX}": part for name, part in manifest.templates.items()}
    parts.update(manifest.files)
    there = sorted(name for name in parts if (folder / name).exists())
    if there:
        raise BundleError(f"{folder / there[0]} is there already; nothing was written")
    try:
        for name, part in parts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bundle.blob(part.sha256))
    except OSError as error:
        raise BundleError(f"{error.filename}: {error.strerror}") from error
    return len(parts)


def write_archive(bundle: Bundle | StoredBundle, target: BinaryIO) -> None:
    """Pack a bundle; the same one gives the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_entry(MANIFEST), bundle.manifest.canonical)
        for sha256 in sorted(bundle.manifest.parts):
            archive.writestr(_entry(_BLOBS + sha256), bundle.blob(sha256))


@contextmanager
def open_archive(source: Path | BinaryIO) -> Iterator[StoredBundle]:
    """Open a packed bundle, to be read while it is open; BundleError where it is none."""
    try:
        archive = zipfile.ZipFile(source)
    except OSError as error:
        raise BundleError(f"{source}: {error.strerror}") from error
    except _BROKEN_ZIP as error:
        raise BundleError(f"not a packed bundle: {error}") from error
    with archive:
        manifest = Manifest.read(_read_entry(archive, MANIFEST, MAX_MANIFEST_BYTES))
        _check_entries(archive, manifest)

        def blob(sha256: str) -> bytes:
            part = manifest.parts[sha256]
            return checked_blob(part, _read_entry(archive, _BLOBS + sha256, part.size))

        yield StoredBundle(manifest, blob)


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle | StoredBundle]:
    """Open a packed bundle or a folder; BundleError where it is neither."""
    if path.is_dir():
        yield read_folder(path)
        return
    with open_archive(path) as bundle:
        yield bundle


def check_blobs(bundle: Bundle | StoredBundle) -> None:
    """Read every blob once; BundleError names one that is broken or, as a template, no text."""
    for sha256 in bundle.manifest.parts:
        bundle.blob(sha256)
    for name in bundle.names():
        bundle.template(name)


def _files_below(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.rglob("*") if path.is_file()]
    except OSError as error:
        raise BundleError(f"{folder}: {error.strerror}") from error
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_file(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise BundleError(f"{name}: {size} bytes; a file of a bundle has {MAX_FILE_BYTES}")
        return path.read_bytes()
    except OSError as error:
        raise BundleError(f"{name}: {error.strerror}") from error


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BundleError(f"{name}: not UTF-8 at byte {error.start}") from error


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.create_system, entry.external_attr = _UNIX, _RIGHTS
    return entry


def _read_entry(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as entry:
            data = entry.read(most + 1)
    except _BROKEN_ZIP as error:
        raise BundleError(f"packed bundle: {name}: {error}") from error
    if len(data) > most:
        raise BundleError(f"packed bundle: {name}: more than {most} bytes")
    return data


def _check_entries(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Refuse what the manifest does not list, and what is compressed: a few bytes may be a GB."""
    found = sorted(archive.namelist())
    listed = sorted([MANIFEST, *(_BLOBS + sha256 for sha256 in manifest.parts)])
    if found != listed:
        strange = sorted(set(found) ^ set(listed)) or found
        raise BundleError(f"packed bundle: {strange[0]}: not as the manifest lists it")
    packed = [entry for entry in archive.infolist() if entry.compress_type != zipfile.ZIP_STORED]
    if packed:
        raise BundleError(f"packed bundle: {packed[0].filename}: compressed; pack it again")
