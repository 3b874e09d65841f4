"""A frame: the pixels of one tile as ink indices, which is what proves what hangs on a shelf."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from label_templates.contract.panel import Ink
from label_templates.drawing.palette import palette_bytes
from label_templates.layout.errors import FrameError

PNG_COMPRESSION = 6


@dataclass(frozen=True)
class Frame:
    """Pixels row by row, one byte each: the index of its ink in `inks`."""

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

    def image(self) -> Image.Image:
        """Return the frame as a palette picture in the inks' seen colours."""
        picture = Image.frombytes("P", (self.width, self.height), self.indices)
        picture.putpalette(palette_bytes(self.inks))
        return picture

    def png(self, clear_paper: bool = False) -> bytes:
        """Return a small palette PNG; `clear_paper` makes white see-through, so CSS sets it."""
        options = {"transparency": self.inks.index(Ink.WHITE)} if clear_paper else {}
        file = io.BytesIO()
        self.image().save(
            file, "PNG", bits=self._depth(), compress_level=PNG_COMPRESSION, **options
        )
        return file.getvalue()

    @classmethod
    def read_png(cls, data: bytes, inks: tuple[Ink, ...]) -> "Frame":
        """Read what `png` wrote, exactly; FrameError for any other picture or other inks."""
        picture = _open(data)
        if picture.mode != "P":
            raise FrameError(f"a frame is a palette picture, this one is of mode {picture.mode}")
        palette = palette_bytes(inks)
        if (picture.getpalette() or [])[: len(palette)] != palette:
            raise FrameError(f"the picture's palette is not that of {', '.join(inks)}")
        indices = picture.tobytes()
        if max(indices) >= len(inks):
            raise FrameError(f"the picture uses ink {max(indices)} of only {len(inks)}")
        return cls(picture.width, picture.height, inks, indices)

    def _depth(self) -> int:
        return 1 if len(self.inks) <= 2 else 2 if len(self.inks) <= 4 else 4


def _open(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FrameError(f"the picture is no whole PNG: {error}") from error
    return picture
