"""Opens a file of any kind that people have and gives its text line by line, in bounded memory.

Handles gzip and Zstandard (by content, not by name), UTF-8 with and without mark, UTF-16 with mark, and GB18030.
What cannot be text is refused in one sentence.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self

from core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# No row of any platform comes near; a longer line is a broken file.
MAX_LINE = 8 * 2**20
_CHUNK = 2**16
_HEAD = 2**16
# Compressed bytes at a time: one kilobyte of Zstandard makes 32 MB at the most.
_ZSTD_CHUNK = 2**10

_FOREIGN = {
    b"PK\x03\x04": "is a ZIP archive or an Excel workbook; unpack it or save it as CSV",
    b"PK\x05\x06": "is a ZIP archive; unpack it",
    b"%PDF": "is a PDF; export it as CSV",
    b"SQLite format 3": "is an SQLite database; export the table as CSV",
    b"PAR1": "is a Parquet file; save it as CSV or JSONL",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save it as CSV",
    b"\x89PNG": "is a picture",
    b"\xff\xd8\xff": "is a picture",
    b"BZh": "is packed with bzip2; unpack it or pack it with gzip",
    b"\xfd7zXZ": "is packed with xz; unpack it or pack it with gzip",
    b"7z\xbc\xaf": "is a 7-Zip archive; unpack it",
}


class CutError(Exception):
    """The file ends or breaks in the middle; what came before can be used. The text says how."""


@dataclass(slots=True)
class Line:
    """One line of text without its end. `fault` says why it cannot be used; then `text` may be cut or garbled."""

    text: str
    fault: str = ""


class Source:
    """One open file. Use as a context manager; `lines` and `chunks` may be read once."""

    def __init__(self, path: Path) -> None:
        """Open and look at the beginning. Raises InputError with the reason why the file cannot be read."""
        self.path = path
        self.name = path.name
        self._file = _open(path)
        self.total_bytes = path.stat().st_size
        self._done = 0
        try:
            self._stream = self._unpacked()
            self._pending = b""
            self._cut: CutError | None = None
            self._start()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def beginning(self) -> str:
        """Return the first part of the text, without taking it."""
        return self._pending.decode(self.encoding, "replace")

    @property
    def done_bytes(self) -> int:
        """Bytes of the file on disk that were read so far."""
        return min(self._done, self.total_bytes)

    def _start(self) -> None:
        head = b""
        try:
            while len(head) < _HEAD and (piece := next(self._stream, b"")):
                head += piece
        except CutError as cut:
            if not head:
                raise InputError(f"'{self.name}' {cut}: nothing of it can be read.") from None
            self._cut = cut
        if not head.strip():
            raise InputError(f"'{self.name}' is empty.")
        for magic, what in _FOREIGN.items():
            if head.startswith(magic):
                raise InputError(f"'{self.name}' {what}.")
        self.encoding, self._settled = _encoding(head, self.name)
        # Only a file with no LF at all is from a system that ends lines with CR alone.
        self._lone_cr = b"\n" not in head and b"\r" in head
        self._pending = head.removeprefix(codecs.BOM_UTF8)

    def _unpacked(self) -> Iterator[bytes]:
        magic = self._file.read(4)
        self._file.seek(0)
        if magic[:2] == b"\x1f\x8b":
            return self._gunzip()
        if magic == b"\x28\xb5\x2f\xfd" or re.match(rb"[\x50-\x5f]\x2a\x4d\x18", magic):
            return self._unzstd()
        return self._plain()

    def read_packed(self, size: int) -> bytes:
        """Read bytes as they stand on disk, and count them."""
        try:
            piece = self._file.read(size)
        except OSError as error:
            raise CutError(f"cannot be read further ({error.strerror or error})") from None
        self._done += len(piece)
        return piece

    def _plain(self) -> Iterator[bytes]:
        while piece := self.read_packed(_CHUNK):
            yield piece

    def _gunzip(self) -> Iterator[bytes]:
        reader = gzip.GzipFile(fileobj=_Counted(self), mode="rb")
        try:
            while piece := reader.read1(_CHUNK):
                yield piece
        except EOFError:
            raise CutError("ends in the middle of its gzip data") from None
        except (OSError, zlib.error):
            raise CutError("has damaged gzip data") from None

    def _unzstd(self) -> Iterator[bytes]:
        import zstandard  # noqa: PLC0415 (only where it is needed)

        unpacker = zstandard.ZstdDecompressor(max_window_size=2**31)
        frame = unpacker.decompressobj()
        begun = False
        try:
            while piece := self.read_packed(_ZSTD_CHUNK):
                while piece:
                    begun = True
                    if out := frame.decompress(piece):
                        yield out
                    piece = b""
                    if frame.eof:
                        piece = frame.unused_data
                        frame, begun = unpacker.decompressobj(), False
        except zstandard.ZstdError:
            raise CutError("has damaged Zstandard data") from None
        if begun:
            raise CutError("ends in the middle of its Zstandard data")

    def _bytes(self) -> Iterator[bytes]:
        pending, self._pending = self._pending, b""
        yield pending
        if self._cut is not None:
            raise self._cut
        yield from self._stream

    def chunks(self) -> Iterator[str]:
        """Give the text in pieces of any size. Raises CutError after the last good piece of a broken file.

        Bytes that are no text in the file's encoding become lone surrogates U+DC80 to U+DCFF (`garbled` finds them).
        """
        decoder = codecs.getincrementaldecoder(self.encoding)("surrogateescape")
        for piece in self._bytes():
            if not self._settled and not piece.isascii():
                self._settle(piece)
                decoder = codecs.getincrementaldecoder(self.encoding)("surrogateescape")
            if text := decoder.decode(piece):
                yield text
        if text := decoder.decode(b"", final=True):
            yield text

    def _settle(self, piece: bytes) -> None:
        """Choose between UTF-8 and GB18030 by the first bytes that are not plain ASCII."""
        self._settled = True
        if not _decodes(piece, "utf-8") and _decodes(piece, "gb18030"):
            self.encoding = "gb18030"

    def lines(self) -> Iterator[Line]:
        """Give the lines. Raises CutError after the last whole line of a broken file.

        A line above MAX_LINE comes once, cut short, with a fault; so does one that is no text.
        """
        return self._split_bytes() if self.encoding in {"utf-8", "gb18030"} else self._split_text()

    def _split_bytes(self) -> Iterator[Line]:
        buffer = b""
        skipping = False
        for piece in self._bytes():
            parts = (buffer + piece).split(b"\n")
            buffer = parts.pop()
            for part in parts:
                if skipping:
                    skipping = False
                else:
                    yield from self._decoded(part)
            if len(buffer) > MAX_LINE:
                if not skipping:
                    yield Line(buffer[:200].decode(self.encoding, "replace"), TOO_LONG)
                skipping, buffer = True, b""
        if buffer and not skipping:
            yield from self._decoded(buffer)

    def _decoded(self, part: bytes) -> Iterator[Line]:
        part = part.removesuffix(b"\r")
        if not self._settled and not part.isascii():
            self._settle(part)
        try:
            text = part.decode(self.encoding)
        except UnicodeDecodeError:
            yield Line(part.decode(self.encoding, "replace"), f"it is not text in {self.encoding.upper()}")
            return
        if self._lone_cr:
            yield from map(Line, text.split("\r"))
        else:
            yield Line(text)

    def _split_text(self) -> Iterator[Line]:
        buffer = ""
        skipping = False
        for piece in self.chunks():
            parts = (buffer + piece).split("\n")
            buffer = parts.pop()
            for part in parts:
                if skipping:
                    skipping = False
                else:
                    yield _checked(part)
            if len(buffer) > MAX_LINE:
                if not skipping:
                    yield Line(buffer[:200], TOO_LONG)
                skipping, buffer = True, ""
        if buffer and not skipping:
            yield _checked(buffer)


TOO_LONG = f"it is longer than {MAX_LINE // 2**20} MB"
_GARBLED = re.compile(r"[\udc80-\udcff]")


def garbled(text: str) -> bool:
    """Whether `text` from `Source.chunks` holds bytes that were no text in the file's encoding."""
    return not text.isascii() and _GARBLED.search(text) is not None


def _checked(part: str) -> Line:
    part = part.removesuffix("\r")
    return Line(part, "it is not text in UTF-16") if garbled(part) else Line(part)


class _Counted(io.RawIOBase):
    """Reads for gzip and counts for the progress."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._source.read_packed(size)


def _open(path: Path) -> BinaryIO:
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise InputError(f"'{name}' is a folder; name the files in it.")
        if path.exists() and not path.is_file():
            raise InputError(f"'{name}' is no regular file.")
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"There is no file '{path}'.") from None
    except PermissionError:
        raise InputError(f"'{name}' may not be read by you; change its permissions.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"'{name}' cannot be opened: {reason}.") from None


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether `data`, which may end in the middle of a character, is text in `encoding`."""
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(head: bytes, name: str) -> tuple[str, bool]:
    """Return the encoding that the beginning of a file shows, and whether that is settled."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding, True
    nul = head.count(0)
    if nul > len(head) // 4 and (not any(head[0:200:2]) or not any(head[1:200:2])):
        raise InputError(f"'{name}' looks like UTF-16 without its mark; save it as UTF-8.")
    control = len(head) - len(head.translate(None, bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b")))
    if control > max(4, len(head) * 0.03):
        raise InputError(f"'{name}' is binary, not text; export it as CSV, TSV, JSON or JSONL.")
    if head.isascii():
        return "utf-8", False
    if _decodes(head, "utf-8"):
        return "utf-8", True
    if _decodes(head, "gb18030") and _common_chinese(head.decode("gb18030", "ignore")):
        return "gb18030", True
    lines = head.split(b"\n")
    if sum(not _decodes(line, "utf-8") for line in lines[:-1]) <= len(lines) * 0.1:
        return "utf-8", True  # some rows are damaged; they will be rejected one by one
    raise InputError(f"'{name}' is not text in UTF-8, UTF-16 or GB18030; save it as UTF-8.")


def _common_chinese(text: str) -> bool:
    """Whether most characters beyond ASCII are common Chinese: other encodings read as GB18030 give rare ones."""
    beyond = [char for char in text if not char.isascii() and ord(char) < 0x10000]
    common = 0
    for char in beyond:
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        common += 1
    return bool(beyond) and common >= 0.7 * len(beyond)
