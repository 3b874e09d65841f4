"""Names of jurisdictions: ISO 3166, a country, or one of its parts."""

import re

_NAME = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def is_jurisdiction(name: str) -> bool:
    """Tell whether a text can name one: `HR`, `US-NJ`."""
    return _NAME.fullmatch(name) is not None
