"""Which bundles must go so that the others fit. Pure."""

from collections.abc import Collection, Sequence

from label_templates.bundles.manifest import Manifest


def to_drop(
    bundles: Sequence[tuple[str, Manifest]], keep: Collection[str], budget: int
) -> list[str]:
    """Return the digests that must go: what was used longest ago first, never one of `keep`.

    `bundles` come with the one that was used last first; blobs that several share count once.
    """
    held: set[str] = set()
    size, dropped = 0, []
    for digest, manifest in sorted(bundles, key=lambda bundle: bundle[0] not in keep):
        more = sum(part.size for name, part in manifest.parts.items() if name not in held)
        if digest in keep or size + more <= budget:
            size += more
            held |= manifest.parts.keys()
        else:
            dropped.append(digest)
    return dropped
