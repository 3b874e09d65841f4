"""What the bytes of a text are written in: UTF-8, UTF-16, Windows-1250, or what its sender says.

Tills and spreadsheets of Central Europe write Windows-1250. Bytes that are no UTF-8 are taken for
it, unless other letters of the same file are UTF-8: then nobody can know.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cloud_service.errors import Invalid

_CHUNK = 1 << 18
_HEAD = 4096
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16",
          "utf-16-be": "UTF-16", "cp1250": "Windows-1250"}  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """An encoding by the name of its codec, and a note where it had to be guessed."""

    codec: str
    note: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return _NAMES.get(self.codec, self.codec)


def encoding_of(stream: BinaryIO, wished: str | None) -> Encoding:
    """Return the encoding of a stream, which is left where it was.

    Raises Invalid where there is no such encoding, or where bytes fit to none.
    """
    here = stream.tell()
    head = stream.read(_HEAD)
    stream.seek(here)
    marked = next((codec for mark, codec in _BOMS if head.startswith(mark)), None)
    if wished is not None:
        return Encoding(_wished(wished, marked))
    if marked is not None:
        return Encoding(marked)
    if b"\x00" in head:
        return Encoding(_wide(head))
    found = _found(stream)
    stream.seek(here)
    return found


def decode_error(stream: BinaryIO, encoding: Encoding) -> Invalid:
    """Return the error that names the first line of a stream that its encoding cannot have."""
    decoder, line = codecs.getincrementaldecoder(encoding.codec)(), 1
    for chunk, final in _chunks(stream):
        try:
            line += decoder.decode(chunk, final).count("\n")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding.codec, errors="ignore")
            byte = f"byte 0x{error.object[error.start]:02X}"
            place = f"file, line {line + before.count(chr(10))}"
            return Invalid(place, f"not {encoding.name} ({byte}); say how the file is encoded")
    return Invalid("file", f"not {encoding.name}")


def _wished(name: str, marked: str | None) -> str:
    try:
        codec = codecs.lookup(name)
        b"a".decode(codec.name, "ignore")
    except (LookupError, UnicodeError, ValueError) as error:
        reason = f"{name!r} is none that is known, such as utf-8 or windows-1250"
        raise Invalid("encoding", reason) from error
    # A mark that fits to the wish is no letter.
    return marked if marked and marked.startswith(codec.name[:6]) else codec.name


def _wide(head: bytes) -> str:
    """Return which UTF-16 a text without a mark is in: its Latin letters have a zero byte each."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 8 or min(even, odd) * 4 > max(even, odd):
        raise Invalid("file", "it is no text: it holds zero bytes")
    return "utf-16-be" if even > odd else "utf-16-le"


def _found(stream: BinaryIO) -> Encoding:
    decoder, plain, line = codecs.getincrementaldecoder("utf-8")(), True, 1
    for chunk, final in _chunks(stream):
        try:
            text = decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            if plain and before.isascii():
                note = "the file is not UTF-8; it was read as Windows-1250"
                return Encoding("cp1250", note)
            place = f"file, line {line + before.count(bytes([10]))}"
            byte = f"byte 0x{error.object[error.start]:02X}"
            reason = f"not UTF-8 ({byte}), while lines before it are; save the file as UTF-8"
            raise Invalid(place, reason) from error
        plain = plain and text.isascii()
        line += text.count("\n")
    return Encoding("utf-8")


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    while chunk := stream.read(_CHUNK):
        yield chunk, False
    yield b"", True
