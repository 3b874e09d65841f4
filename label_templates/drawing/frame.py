"""A frame: the pixels of one tile as ink indices, which is what proves what hangs on a shelf."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from label_templates.contract.panel import Ink, PanelSpec
from label_templates.drawing.palette import CUBE, palette_bytes
from label_templates.layout.errors import FrameError

PNG_COMPRESSION = 6


@dataclass(frozen=True)
class Frame:
    """Pixels row by row, one byte each: the index of its ink in `inks`.

    On panels that have it (`PanelSpec.cube`), photos use indices from `len(inks)` on: those of
    `palette.CUBE`.
    """

    width: int
    height: int
    inks: tuple[Ink, ...]
    indices: bytes

    def __post_init__(self) -> None:
        """Refuse pixels that are not of this size or these inks."""
        if len(self.indices) != self.width * self.height:
            raise FrameError(
                f"a frame of {self.width} x {self.height} cannot hold {len(self.indices)} pixels"
            )

    def digest(self) -> str:
        """Return 32 hex digits over size, inks and pixels (BLAKE2b, 16 bytes)."""
        header = f"{self.width}x{self.height} {' '.join(self.inks)}\n".encode()
        return hashlib.blake2b(header + self.indices, digest_size=16).hexdigest()

    def check_panel(self, panel: PanelSpec) -> None:
        """Raise FrameError where the panel has another size or other inks."""
        if (self.width, self.height, self.inks) != (panel.width, panel.height, panel.inks):
            raise FrameError(
                f"a frame of {self.width} x {self.height} in {', '.join(self.inks)} is none of"
                f" {panel.name}"
            )

    @property
    def cubed(self) -> bool:
        """Tell whether any pixel is of the cube, and so of no ink."""
        return bool(self.indices.translate(None, delete=bytes(range(len(self.inks)))))

    def image(self) -> Image.Image:
        """Return the frame as a palette picture in the inks' seen colours."""
        return self._image(self.cubed)

    def png(self, clear_paper: bool = False) -> bytes:
        """Return a small palette PNG; `clear_paper` makes white see-through, so CSS sets it."""
        options = {"transparency": self.inks.index(Ink.WHITE)} if clear_paper else {}
        file, cubed = io.BytesIO(), self.cubed
        self._image(cubed).save(
            file, "PNG", bits=self._depth(cubed), compress_level=PNG_COMPRESSION, **options
        )
        return file.getvalue()

    @classmethod
    def read_png(cls, data: bytes, inks: tuple[Ink, ...]) -> "Frame":
        """Read what `png` wrote, exactly; FrameError for any other picture or other inks."""
        picture = _open(data)
        if picture.mode != "P":
            raise FrameError(f"a frame is a palette picture, this one is of mode {picture.mode}")
        palette, written = palette_bytes(inks, cube=True), picture.getpalette() or []
        if written[: 3 * len(inks)] != palette[: 3 * len(inks)]:
            raise FrameError(f"the picture's palette is not that of {', '.join(inks)}")
        indices = picture.tobytes()
        known = len(inks) + (len(CUBE) if written[: len(palette)] == palette else 0)
        if max(indices) >= known:
            raise FrameError(f"the picture uses ink {max(indices)} of only {known}")
        return cls(picture.width, picture.height, inks, indices)

    def _image(self, cubed: bool) -> Image.Image:
        picture = Image.frombytes("P", (self.width, self.height), self.indices)
        picture.putpalette(palette_bytes(self.inks, cubed))
        return picture

    def _depth(self, cubed: bool) -> int:
        if cubed:
            return 8
        return 1 if len(self.inks) <= 2 else 2 if len(self.inks) <= 4 else 4


def _open(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FrameError(f"the picture is no whole PNG: {error}") from error
    return picture
