"""Bundles: the templates a shelf draws with and the files its tiles name, content-addressed.

`manifest.py` says what a bundle holds and gives it its name; `bundle.py` has one in memory or over
a store of blobs; `packing.py` makes one file of it; `checking.py` tries its templates.
"""

from label_templates.bundles.bundle import Bundle, StoredBundle, installed_bundle

__all__ = ["Bundle", "StoredBundle", "installed_bundle"]
