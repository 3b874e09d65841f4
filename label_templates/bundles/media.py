"""What kinds of file a bundle holds, told by their first bytes and never by their names alone."""

import json

from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import MediaType

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
FACTS_SUFFIX = ".json"
TEMPLATE_TYPE = "text/plain; charset=utf-8"


def media_type(path: str, data: bytes) -> MediaType:
    """Return a file's media type; BundleError where no bundle holds such files."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if path.endswith(FACTS_SUFFIX) and _is_json(data):
        return "application/json"
    raise BundleError(f"{path}: neither a PNG, JPEG or WebP picture nor a JSON document")


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
