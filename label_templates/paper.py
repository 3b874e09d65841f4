"""Paper tags: tiles drawn for a paper panel, many on a sheet, as a PDF.

A tag is printed pixel for pixel at 300 dots an inch, so a sheet must be printed in its actual size,
never fitted to the page. Pages are pictures of one bit, packed without loss (CCITT group 4), and
carry no date: the same tags give the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from PIL import Image, TiffImagePlugin

from label_templates.contract.errors import ContractError
from label_templates.contract.panel import Ink, PanelSpec, panel_spec
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FrameError

DPI = 300
TITLE = "Paper tags"
_MM_PER_INCH = 25.4
_CUT_MM = 5.0
_CUT_GAP_MM = 1.0
"""Marks in the margin say where to cut: so long, and so far from the tags."""
_CUT_PIXELS = 2
_WHITE, _BLACK = 1, 0
_DATELESS: dict[str, Any] = {"creationDate": None, "modDate": None}
_PACKED_BYTES = 8 * 2**20
"""Packed pages beyond this lie on the disk while a document is written."""


@dataclass(frozen=True)
class SheetFormat:
    """Where tags stand on a page. Lengths in millimetres, from the top left corner."""

    name: str
    meaning: str
    panel: str
    """The paper panel of its tags."""
    page: tuple[float, float]
    columns: int
    rows: int
    corner: tuple[float, float]
    """Left and top of the first tag."""
    pitch: tuple[float, float]
    """From one tag to the next, across and down."""
    cut: bool
    """The paper comes uncut: marks say where to cut."""
    source: str

    @property
    def spec(self) -> PanelSpec:
        """Return the panel that its tags are drawn for."""
        return panel_spec(self.panel)

    @property
    def tags(self) -> int:
        """Return how many tags a page holds."""
        return self.columns * self.rows

    @property
    def pixels(self) -> tuple[int, int]:
        """Return the size of a page in pixels."""
        return dots(self.page[0]), dots(self.page[1])

    def places(self) -> list[tuple[int, int]]:
        """Return the corner of each tag in pixels, row by row."""
        (left, top), (across, down) = self.corner, self.pitch
        return [
            (dots(left + across * column), dots(top + down * row))
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    def pages(self, tags: int) -> int:
        """Return how many pages so many tags take."""
        return -(-tags // self.tags)


def dots(mm: float) -> int:
    """Return a length in pixels of a page."""
    return round(mm * DPI / _MM_PER_INCH)


_A4 = (210.0, 297.0)
_LETTER = (215.9, 279.4)

FORMATS: dict[str, SheetFormat] = {
    form.name: form
    for form in (
        SheetFormat(
            name="a4", meaning="plain A4, 14 tags of 70 x 37 mm to cut out",
            panel="paper-70x37", page=_A4, columns=2, rows=7,
            corner=(35.0, 19.0), pitch=(70.0, 37.0), cut=True,
            source="in the middle of the page, clear of what printers leave white",
        ),
        SheetFormat(
            name="a4-24", meaning="A4 label sheets, 24 tags of 70 x 37 mm up to the edge",
            panel="paper-70x37", page=_A4, columns=3, rows=8,
            corner=(0.0, 0.5), pitch=(70.0, 37.0), cut=False,
            source="Avery 3474, Herma 4464",
        ),
        SheetFormat(
            name="letter", meaning="Letter label sheets, 10 tags of 4 x 2 in",
            panel="paper-4x2in", page=_LETTER, columns=2, rows=5,
            corner=(3.96875, 12.7), pitch=(106.3625, 50.8), cut=True,
            source="Avery 5163",
        ),
    )
}  # fmt: skip
"""The sheets there are; the first of a size is the usual one."""

LETTER_TERRITORIES = frozenset(
    {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
)
"""Where paper has the size Letter: CLDR, supplemental data, measurementData, paperSize."""


def sheet_format(name: str) -> SheetFormat:
    """Return a sheet format; ContractError naming those there are."""
    if name not in FORMATS:
        raise ContractError(f"unknown sheet format {name!r}; there are {', '.join(FORMATS)}")
    return FORMATS[name]


def usual_format(territory: str) -> SheetFormat:
    """Return the format for what lies in the printers of a country, named as ISO 3166 does."""
    return FORMATS["letter" if territory in LETTER_TERRITORIES else "a4"]


def sheets(tags: Iterable[Frame], form: SheetFormat) -> Iterator[Image.Image]:
    """Compose tags into pages, one bit a pixel, one page at a time."""
    places = form.places()
    waiting = iter(tags)
    while batch := list(islice(waiting, form.tags)):
        page = _blank(form)
        for tag, place in zip(batch, places, strict=False):
            page.paste(_picture(tag, form), place)
        yield page


def write_pdf(pages: Iterable[Image.Image], file: IO[bytes]) -> None:
    """Write pages, at least one, as a PDF; one of them at a time is in memory."""
    with SpooledTemporaryFile(_PACKED_BYTES) as packed:
        with TiffImagePlugin.AppendingTiffWriter(packed) as appending:
            for page in pages:
                page.save(appending, "TIFF", compression="group4")
                appending.newFrame()
        packed.seek(0)
        with Image.open(packed, formats=["TIFF"]) as book:
            book.save(file, "PDF", save_all=True, resolution=DPI, title=TITLE, **_DATELESS)


def pdf(pages: Iterable[Image.Image]) -> bytes:
    """Return pages as a PDF."""
    file = BytesIO()
    write_pdf(pages, file)
    return file.getvalue()


def _picture(tag: Frame, form: SheetFormat) -> Image.Image:
    spec = form.spec
    if (tag.width, tag.height) != (spec.width, spec.height):
        raise FrameError(
            f"a tag of {tag.width} x {tag.height} px is none of {spec.name},"
            f" {spec.width} x {spec.height} px"
        )
    bits = bytes(_WHITE if ink is Ink.WHITE else _BLACK for ink in tag.inks)
    table = bits.ljust(256, bytes([_BLACK]))
    size = (tag.width, tag.height)
    return Image.frombytes("1", size, tag.indices.translate(table), "raw", "1;8")


def _blank(form: SheetFormat) -> Image.Image:
    page = Image.new("1", form.pixels, _WHITE)
    if form.cut:
        _mark(page, form)
    return page


def _mark(page: Image.Image, form: SheetFormat) -> None:
    """Draw a short line in the margin at every edge of a tag."""
    spec, places, half = form.spec, form.places(), _CUT_PIXELS // 2
    lefts, tops = sorted({x for x, _ in places}), sorted({y for _, y in places})
    right, bottom = lefts[-1] + spec.width, tops[-1] + spec.height
    near, far = dots(_CUT_GAP_MM), dots(_CUT_GAP_MM + _CUT_MM)
    for x in {edge for left in lefts for edge in (left, left + spec.width)}:
        for start, end in ((tops[0] - far, tops[0] - near), (bottom + near, bottom + far)):
            page.paste(_BLACK, (x - half, start, x + half, end))
    for y in {edge for top in tops for edge in (top, top + spec.height)}:
        for start, end in ((lefts[0] - far, lefts[0] - near), (right + near, right + far)):
            page.paste(_BLACK, (start, y - half, end, y + half))
