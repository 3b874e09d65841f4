"""Bundles named on the command line: packed, as a folder, or the installed one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloud_service.cli.errors import WrongUsage
from label_templates.bundles import Bundle, StoredBundle, installed_bundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.packing import open_bundle


@contextmanager
def opened_bundle(path: Path | None) -> Iterator[Bundle | StoredBundle]:
    """Open a bundle, None: the installed one; raise WrongUsage where a file is none."""
    if path is None:
        yield installed_bundle()
        return
    with as_usage(), open_bundle(path) as opened:
        yield opened


@contextmanager
def as_usage() -> Iterator[None]:
    """Turn what is wrong with a bundle into WrongUsage."""
    try:
        yield
    except BundleError as error:
        raise WrongUsage(str(error)) from error
