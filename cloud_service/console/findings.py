"""What is found on a tile before it hangs, as a page says it: sign, word and reason. Pure."""

from collections.abc import Iterable

from cloud_service.console.tiles import Words, sentence
from label_templates.checks.finding import Finding

_MOODS = {"error": ("refused", "Cannot hang"), "warning": ("pending", "Look again")}
"""The sign and the word of each level."""
_ICONS = {"error": "refused", "warning": "failed"}


def finding_words(findings: Iterable[Finding]) -> list[Words]:
    """Return what a page says of each finding."""
    return [_words(finding) for finding in findings]


def first_error(findings: Iterable[Finding], panel: str) -> str:
    """Return the sentence that keeps a price from being saved; empty where nothing does."""
    found = next((finding for finding in findings if finding.level == "error"), None)
    if found is None:
        return ""
    how = "drawn" if found.undrawable else "shown"
    law = f" ({found.citation})" if found.citation else ""
    return f"This price cannot be {how} on {panel}: {_what(found)}{law}."


def _words(finding: Finding) -> Words:
    mood, word = _MOODS[finding.level]
    return {
        "mood": mood,
        "sign": _ICONS[finding.level],
        "word": word,
        "what": sentence(_what(finding)),
        "law": finding.citation or "",
    }


def _what(finding: Finding) -> str:
    """Return the reason, after the name of the node that it is about."""
    node = finding.place.node if finding.place else ""
    name = node.partition('"')[2].rstrip('"') or node
    return f"{name.replace('-', ' ')}: {finding.reason}" if name else finding.reason
