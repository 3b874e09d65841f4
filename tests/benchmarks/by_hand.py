"""Comparators: the same promotion label laid out by hand for 296 x 128, with and without caches.

This is what one would write for a single panel: fixed places, Pillow and nothing else. The cached
one keeps fitted names and drawn runs, as our renderer does; neither keeps whole frames.
"""

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont
from typing_extensions import override

from label_templates.contract.tile import TileContent
from label_templates.drawing.barcode import encode
from label_templates.drawing.fonts import font_file

WIDTH, HEIGHT = 296, 128
WHITE, BLACK, RED = 0, 1, 2
Style = tuple[str, int, int]
"""Font, size and ink."""
Put = Callable[[int, int, str, Style], None]
"""Put a text at its top left."""


class ByHand:
    """The label; what differs is how text is measured, drawn and kept."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}

    def render(self, tile: TileContent) -> bytes:
        """Return the tile's ink indices."""
        picture = Image.new("P", (WIDTH, HEIGHT), WHITE)
        put = self.putter(picture)
        size, rows = self.fitted(tile.name)
        for row, line in enumerate(rows):
            put(6, 2 + row * (size + 2), line, ("bold", size, BLACK))
        self._offer(picture, put, tile)
        self._price(put, tile.price)
        put(6, 114, tile.sku, ("regular", 10, BLACK))
        self.bars(picture, tile.gtin or "")
        return picture.tobytes()

    def _offer(self, picture: Image.Image, put: Put, tile: TileContent) -> None:
        badge, was = f"{tile.percent_off}% off", f"${(tile.prior_price or 0) / 100:.2f}"
        wide = int(self.length(badge, "bold", 17)) + 10
        self.flag(picture, wide)
        put(11, 46, badge, ("bold", 17, WHITE))
        put(wide + 11, 43, "was", ("regular", 10, BLACK))
        put(wide + 11, 56, was, ("medium", 13, BLACK))
        end = wide + 11 + int(self.length(was, "medium", 13))
        picture.paste(BLACK, (wide + 11, 63, end, 64))
        put(6, 76, "Unit price", ("regular", 10, BLACK))
        put(56, 73, f"{(tile.unit_price or 0) / 100:.1f}¢/oz", ("medium", 13, BLACK))
        put(6, 90, "until 7/5", ("regular", 10, BLACK))

    def _price(self, put: Put, price: int) -> None:
        whole, cents = divmod(price, 100)
        left = 290 - int(self.length(f"{cents:02}", "black", 38))
        put(left, 40, f"{cents:02}", ("black", 38, RED))
        left -= int(self.length(str(whole), "black", 76)) + 3
        put(left, 32, str(whole), ("black", 76, RED))
        put(left - int(self.length("$", "black", 38)) - 3, 40, "$", ("black", 38, RED))

    def fit(self, name: str) -> tuple[int, list[str]]:
        """Wrap a name into two lines at the largest size that fits."""
        for size in range(17, 10, -1):
            rows = self._wrap(name, size)
            if len(rows) <= 2:
                return size, rows
        return 11, self._wrap(name, 11)[:2]

    def _wrap(self, name: str, size: int) -> list[str]:
        rows = [""]
        for word in name.split():
            longer = f"{rows[-1]} {word}".strip()
            if self.length(longer, "bold", size) <= 284:
                rows[-1] = longer
            else:
                rows.append(word)
        return rows

    def font(self, name: str, size: int) -> ImageFont.FreeTypeFont:
        """Return a font, loaded once."""
        key = (name, size)
        if key not in self._fonts:
            self._fonts[key] = ImageFont.truetype(font_file(name), size)
        return self._fonts[key]

    def length(self, text: str, font: str, size: int) -> float:
        """Measure a text."""
        return self.font(font, size).getlength(text, mode="1")

    def fitted(self, name: str) -> tuple[int, list[str]]:
        """Return a name's size and lines."""
        return self.fit(name)

    def flag(self, picture: Image.Image, wide: int) -> None:
        """Draw the red ground of the badge."""
        ImageDraw.Draw(picture).rounded_rectangle((6, 43, 5 + wide, 68), 2, fill=RED)

    def bars(self, picture: Image.Image, gtin: str) -> None:
        """Draw the barcode, two pixels a module."""
        draw = ImageDraw.Draw(picture)
        for place, module in enumerate(encode(gtin).modules):
            if module == "1":
                draw.rectangle((88 + 2 * place, 106, 89 + 2 * place, 123), fill=BLACK)

    def putter(self, picture: Image.Image) -> Put:
        """Return what puts text on a picture."""
        draw = ImageDraw.Draw(picture)
        draw.fontmode = "1"

        def put(x: int, y: int, text: str, style: Style) -> None:
            font, size, ink = style
            draw.text((x, y), text, fill=ink, font=self.font(font, size))

        return put


class ByHandCached(ByHand):
    """Keeps measured and drawn runs, fitted names and the badge's ground."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[tuple[str, str, int], tuple[Image.Image, int, int]] = {}
        self._lengths: dict[tuple[str, str, int], float] = {}
        self._names: dict[str, tuple[int, list[str]]] = {}
        self._grounds: dict[int, Image.Image] = {}

    @override
    def length(self, text: str, font: str, size: int) -> float:
        key = (text, font, size)
        found = self._lengths.get(key)
        if found is None:
            found = self._lengths[key] = super().length(text, font, size)
        return found

    @override
    def fitted(self, name: str) -> tuple[int, list[str]]:
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self.fit(name)
        return found

    @override
    def flag(self, picture: Image.Image, wide: int) -> None:
        ground = self._grounds.get(wide)
        if ground is None:
            ground = self._grounds[wide] = Image.new("L", (wide, 26))
            ImageDraw.Draw(ground).rounded_rectangle((0, 0, wide - 1, 25), 2, fill=255)
        picture.paste(RED, (6, 43), ground)

    @override
    def bars(self, picture: Image.Image, gtin: str) -> None:
        row = encode(gtin).modules.replace("1", "\xff\xff").replace("0", "\0\0")
        mask = Image.frombytes("L", (len(row), 1), row.encode("latin-1")).resize((len(row), 18))
        picture.paste(BLACK, (88, 106), mask)

    @override
    def putter(self, picture: Image.Image) -> Put:
        paste, runs = picture.paste, self._runs

        def put(x: int, y: int, text: str, style: Style) -> None:
            font, size, ink = style
            found = runs.get((text, font, size))
            if found is None:
                found = runs[(text, font, size)] = self._drawn(text, font, size)
            mask, left, top = found
            paste(ink, (x + left, y + top), mask)

        return put

    def _drawn(self, text: str, font: str, size: int) -> tuple[Image.Image, int, int]:
        left, top, right, bottom = map(round, self.font(font, size).getbbox(text, mode="1"))
        mask = Image.new("1", (max(right - left, 1), max(bottom - top, 1)))
        draw = ImageDraw.Draw(mask)
        draw.text((-left, -top), text, fill=1, font=self.font(font, size))
        return mask, left, top
