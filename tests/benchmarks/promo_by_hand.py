"""Comparators: the aisle-head promotion of 800 x 480 in six inks, laid out by hand, with its photo.

The same content and the same dithering to the panel's measured inks; fixed places, Pillow and
nothing else. The cached one keeps fitted names, drawn runs and dithered photos, as ours does.
"""

import io
from collections.abc import Callable

from PIL import Image
from typing_extensions import override

from label_templates.contract.panel import PanelSpec
from label_templates.contract.tile import TileContent
from tests.benchmarks.by_hand import ByHand, ByHandCached

WIDTH, HEIGHT, PHOTO = 800, 480, 360
WHITE, BLACK, RED = 0, 1, 2


class PromoByHand(ByHand):
    """The promotion; what differs is how text and photos are kept."""

    def __init__(self, panel: PanelSpec, asset: Callable[[str], bytes]) -> None:
        super().__init__()
        self._asset = asset
        self._inks = Image.new("P", (1, 1))
        colours = [channel for rgb in panel.palette for channel in rgb]
        self._inks.putpalette(colours)

    @override
    def render(self, tile: TileContent) -> bytes:
        picture = Image.new("P", (WIDTH, HEIGHT), WHITE)
        put = self.putter(picture)
        picture.paste(self.photo(tile.image or ""), (0, 0))
        picture.paste(RED, (0, 24, 170, 84))
        put(20, 34, f"{tile.percent_off}% off", ("black", 38, WHITE))
        size, rows = self.fitted(tile.name)
        for row, line in enumerate(rows):
            put(378, 14 + row * (size + 6), line, ("bold", size, BLACK))
        put(378, 118, tile.size or "", ("regular", 20, BLACK))
        was = f"${(tile.prior_price or 0) / 100:.2f}"
        put(378, 150, "was", ("regular", 20, BLACK))
        put(424, 146, was, ("medium", 26, BLACK))
        picture.paste(BLACK, (424, 162, 424 + int(self.length(was, "medium", 26)), 165))
        put(378, 186, "Unit price", ("regular", 20, BLACK))
        put(478, 182, f"{(tile.unit_price or 0) / 100:.1f}¢/oz", ("medium", 26, BLACK))
        picture.paste(RED, (PHOTO, 230, WIDTH, HEIGHT))
        self._amount(put, tile.price)
        put(384, 446, "until 7/5", ("medium", 20, WHITE))
        return picture.tobytes()

    def _amount(
        self, put: Callable[[int, int, str, tuple[str, int, int]], None], price: int
    ) -> None:
        whole, cents = divmod(price, 100)
        left = 776 - int(self.length(f"{cents:02}", "black", 88))
        put(left, 240, f"{cents:02}", ("black", 88, WHITE))
        left -= int(self.length(str(whole), "black", 176)) + 6
        put(left, 228, str(whole), ("black", 176, WHITE))
        put(left - int(self.length("$", "black", 88)) - 6, 240, "$", ("black", 88, WHITE))

    @override
    def fit(self, name: str) -> tuple[int, list[str]]:
        for size in range(44, 11, -1):
            rows = self._wrapped(name, size)
            if len(rows) <= 2:
                return size, rows
        return 12, self._wrapped(name, 12)[:2]

    def _wrapped(self, name: str, size: int) -> list[str]:
        rows = [""]
        for word in name.split():
            longer = f"{rows[-1]} {word}".strip()
            if self.length(longer, "bold", size) <= 404:
                rows[-1] = longer
            else:
                rows.append(word)
        return rows

    def photo(self, digest: str) -> Image.Image:
        """Return a photo as high as the tile, dithered to the panel's inks."""
        picture = Image.open(io.BytesIO(self._asset(digest))).convert("RGBA")
        scale = max(PHOTO / picture.width, HEIGHT / picture.height)
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.BILINEAR)
        left, top = (size[0] - PHOTO) // 2, (size[1] - HEIGHT) // 2
        ground = Image.new("RGB", (PHOTO, HEIGHT), "white")
        ground.paste(picture, (-left, -top), picture)
        return ground.quantize(palette=self._inks, dither=Image.Dither.FLOYDSTEINBERG)


class PromoByHandCached(PromoByHand, ByHandCached):
    """Keeps what ByHandCached keeps, and dithered photos."""

    def __init__(self, panel: PanelSpec, asset: Callable[[str], bytes]) -> None:
        super().__init__(panel, asset)
        self._photos: dict[str, Image.Image] = {}

    @override
    def photo(self, digest: str) -> Image.Image:
        found = self._photos.get(digest)
        if found is None:
            found = self._photos[digest] = super().photo(digest)
        return found
