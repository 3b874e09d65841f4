"""Template bundles to try things with: packed files, and one whose tiles look unlike ours."""

from pathlib import Path

from cloud_service.shelves.composition import TEMPLATES
from label_templates.bundles import Bundle
from label_templates.bundles.packing import write_archive
from label_templates.bundles.specimens import FACTS, photo

PLAIN = (
    '<tile pad="6"><text name="name" size="12-20" ellipsis="yes">{{ name }}</text>'
    '<price name="price" size="20-70" grow="1">{{ price | money }}</price>'
    '{% if unit_price %}<text name="unit-price" size="14">'
    "{{ unit_price | unit_price(unit_measure, unit_in_cents) }}</text>{% endif %}</tile>"
)
OTHER = Bundle(
    dict.fromkeys(TEMPLATES, PLAIN),
    {"images/4711.png": photo(), "facts/4711.json": FACTS},
)


def packed(folder: Path, bundle: Bundle = OTHER) -> Path:
    """Pack a bundle into a file in a folder."""
    path = folder / f"{bundle.digest[7:19]}.bundle.zip"
    with path.open("wb") as file:
        write_archive(bundle, file)
    return path
