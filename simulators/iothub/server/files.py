"""Writes files whole or not at all, and never readable by others for a moment."""

import os
from pathlib import Path


def replace_file(file: Path, content: bytes, mode: int) -> None:
    """Put a file with this content and these rights in the place of what is there."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)
    fresh.replace(file)
