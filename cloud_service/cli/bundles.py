"""`edge-shelf bundles`: templates and pictures packed, tried, brought in and used."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from cloud_service.cli.bundle_file import as_usage, opened_bundle
from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.printing import counted, following, print_json, print_table, say
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import Manifest, short
from label_templates.bundles.packing import (
    FILE_SUFFIX,
    check_blobs,
    read_folder,
    write_archive,
    write_folder,
)
from label_templates.contract.identifiers import parse_store_id

app = typer.Typer(add_completion=False, no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Packed = Annotated[Path, typer.Argument(help="A packed bundle, or the folder of one.")]
Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder.")]
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, read=600.0)
"""The service tries every template before it answers."""


@app.callback()
def bundles() -> None:
    """Templates and pictures: packed, tried, brought in and used; see docs/bundles.md."""


@app.command()
def unpack(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where the files go.")],
    *,
    bundle: Annotated[
        Path | None, typer.Option(exists=True, help="A packed bundle; without it the installed.")
    ] = None,
) -> None:
    """Write a bundle's templates and pictures into a folder, to be edited there."""
    with opened_bundle(bundle) as opened, as_usage():
        count = write_folder(opened, folder)
    say(f"{folder}: {counted(count, 'file')} of {short(opened.digest)}")


@app.command()
def pack(
    folder: Folder,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The packed bundle; FOLDER.bundle.zip.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Pack a folder of templates, pictures and product facts; the same files, the same bytes."""
    target = output or _beside(folder)
    with as_usage():
        bundle = read_folder(folder)
    try:
        with target.open("wb") as file:
            write_archive(bundle, file)
    except OSError as error:
        raise WrongUsage(f"{target}: {error.strerror}") from error
    if as_json:
        print_json({"file": str(target), **_facts(bundle.manifest)})
        return
    say(f"{target}: {_words(bundle.manifest)}")
    say(bundle.digest)


@app.command()
def check(
    bundle: Packed,
    *,
    panel: Annotated[
        list[str] | None, typer.Option(help="A panel on which every template must draw.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try every template on made-up tiles, and every picture; exit code 1 names what is wrong."""
    # Drawing takes a second to import, which the other commands need not wait for.
    from cloud_service.cli.trying import faults_of  # noqa: PLC0415

    with opened_bundle(bundle) as opened:
        with _as_refusal():
            check_blobs(opened)
        faults = faults_of(opened, panel or [])
    if as_json:
        print_json({**_facts(opened.manifest), "faults": faults})
    if faults:
        raise Refused(f"{bundle}: {counted(len(faults), 'fault')}", tuple(faults))
    if not as_json:
        say(f"{bundle}: {_words(opened.manifest)}: good")


@app.command()
def show(
    bundle: Annotated[str, typer.Argument(help="A packed bundle, a folder, or a digest.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what is in a bundle: on this machine, or by its digest at the service."""
    path = Path(bundle)
    if path.exists():
        with opened_bundle(path) as opened:
            manifest = opened.manifest
    else:
        with connect() as connection:
            manifest = _manifest_of(connection, bundle)
    if as_json:
        print_json({"digest": manifest.digest, **manifest.model_dump(by_alias=True)})
        return
    say(f"{manifest.digest}: {_words(manifest)}")
    rows = [(name, "template", part.size, part.sha256) for name, part in
            sorted(manifest.templates.items())]  # fmt: skip
    rows += [(path, part.type, part.size, part.sha256) for path, part in
             sorted(manifest.files.items())]  # fmt: skip
    print_table(("Name", "Kind", "Bytes", "SHA-256"), rows)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A packed bundle.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Bring a packed bundle to the service, which tries it; no store uses it yet."""
    with connect() as connection:
        added = connection.upload("/bundles", file, _TIMEOUT)
    if as_json:
        print_json(added)
        return
    say(f"{added['digest']} {'is added' if added['new'] else 'was here already'}")


@app.command("list")
def list_bundles(*, as_json: AsJson = False) -> None:
    """List the bundles that the service has, and the stores that use them."""
    with connect() as connection:
        found = list(connection.pages("/bundles", limit=500))
    if as_json:
        print_json(found)
        return
    oldest_first = sorted(found, key=lambda bundle: bundle["added_at"])
    rows = [
        (_digits(bundle), len(bundle["templates"]), bundle["files"], bundle["size"],
         bundle["added_at"], bundle["added_by"], _used_by(bundle))
        for bundle in oldest_first
    ]  # fmt: skip
    columns = ("Bundle", "Templates", "Files", "Bytes", "Added", "By", "Used by")
    print_table(columns, rows)


@app.command()
def use(
    bundle: Annotated[
        str,
        typer.Argument(help="A packed bundle, a digest, six or more of its digits, or installed."),
    ],
    *,
    store: Annotated[str | None, typer.Option(help="Only this store; without it all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have a store's tiles, or those of all stores, drawn with a bundle that was added.

    A store whose tiles could not hang with it keeps what it has, is named; the exit code is 1.
    """
    name = _digest_of(bundle)
    with connect() as connection:
        stores = [parse_store_id(store)] if store else _all_stores(connection)
        done, refused = _use(connection, name, stores)
    print_json(done) if as_json else _tell(done)
    if refused:
        keep = "keeps what it had" if len(refused) == 1 else "keep what they had"
        raise Refused(f"{counted(len(refused), 'store')} {keep}", tuple(refused))


def _digest_of(bundle: str) -> str:
    """Return the digest of a packed file or folder; anything else is a name already."""
    path = Path(bundle)
    if not path.exists():
        return bundle
    with opened_bundle(path) as opened:
        return opened.digest


def _use(
    connection: Connection, bundle: str, stores: list[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    done: list[dict[str, Any]] = []
    refused: list[str] = []
    for store in stores:
        path, wish = f"/stores/{store}/bundle", {"bundle": bundle}
        try:
            done.append(connection.put(path, wish, timeout=_TIMEOUT))
        except Refused as error:
            if len(stores) == 1:
                raise
            refused.append(f"{store}: {error}")
    return done, refused


def _tell(done: list[dict[str, Any]]) -> None:
    for one in done:
        used = f"store {one['store_id']} uses {short(one['bundle'])}"
        if one["change_id"] is None:
            say(f"{used} already")
        else:
            say(f"{used} in change {one['change_id']}; {following(one['tiles'])}")


def _all_stores(connection: Connection) -> list[str]:
    return [store["id"] for store in connection.pages("/stores", limit=500)]


def _manifest_of(connection: Connection, name: str) -> Manifest:
    digits = name.removeprefix("sha256:")
    found = [
        bundle["digest"]
        for bundle in connection.pages("/bundles", limit=500)
        if bundle["digest"].removeprefix("sha256:").startswith(digits)
        or (bundle["installed"] and name == "installed")
    ]
    if len(found) != 1:
        raise WrongUsage(f"{name}: {counted(len(found), 'bundle')} and no file of this name")
    with _as_refusal():
        return Manifest.read(connection.get_bytes(f"/bundles/{found[0]}"))


@contextmanager
def _as_refusal() -> Iterator[None]:
    try:
        yield
    except BundleError as error:
        raise Refused(str(error)) from error


def _beside(folder: Path) -> Path:
    """Return where a folder's bundle goes: not into the folder, where it would be packed next."""
    name = folder.resolve().name + FILE_SUFFIX
    return folder.with_name(name) if folder.name else folder.resolve().with_name(name)


def _facts(manifest: Manifest) -> dict[str, Any]:
    return {
        "digest": manifest.digest,
        "templates": sorted(manifest.templates),
        "files": sorted(manifest.files),
        "size": manifest.size,
    }


def _words(manifest: Manifest) -> str:
    templates = counted(len(manifest.templates), "template")
    files = counted(len(manifest.files), "file")
    return f"{templates}, {files}, {manifest.size:,} bytes"


def _digits(bundle: dict[str, Any]) -> str:
    return short(bundle["digest"]).removeprefix("sha256:")


def _used_by(bundle: dict[str, Any]) -> str | None:
    stores = ", ".join(bundle["stores"][:8]) + (" ..." if len(bundle["stores"]) > 8 else "")
    names = [name for name in ("installed" if bundle["installed"] else "", stores) if name]
    return "; ".join(names) or None
