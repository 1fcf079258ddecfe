"""The frames of SPDY/3.1 that port-forwarding uses: a codec without input or output.

https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

VERSION = 3
FIN = 1
WORDS = (
    "options,head,post,put,delete,trace,accept,accept-charset,accept-encoding,accept-language,accept-ranges,age,allow,"
    "authorization,cache-control,connection,content-base,content-encoding,content-language,content-length,"
    "content-location,content-md5,content-range,content-type,date,etag,expect,expires,from,host,if-match,"
    "if-modified-since,if-none-match,if-range,if-unmodified-since,last-modified,location,max-forwards,pragma,"
    "proxy-authenticate,proxy-authorization,range,referer,retry-after,server,te,trailer,transfer-encoding,upgrade,"
    "user-agent,vary,via,warning,www-authenticate,method,get,status,200 OK,version,HTTP/1.1,url,public,set-cookie,"
    "keep-alive,origin"
)
REST = (
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
    "404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
    "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
    "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
DICTIONARY = b"".join(struct.pack(">I", len(word)) + word.encode() for word in WORDS.split(",")) + REST.encode()
"""The text that header compression starts from (section 2.6.10.1); its Adler-32 is e3c6a7c2."""


class Kind(IntEnum):
    """Types of control frames; DATA is ours, for frames that have none."""

    DATA = 0
    SYN_STREAM = 1
    SYN_REPLY = 2
    RST_STREAM = 3
    SETTINGS = 4
    PING = 6
    GOAWAY = 7
    HEADERS = 8
    WINDOW_UPDATE = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame: `data` is the payload of a data frame, or the number in a PING as it came."""

    kind: Kind
    stream: int = 0
    fin: bool = False
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Codec:
    """One end of a connection: its compression goes on from frame to frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zdict=DICTIONARY)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes as they arrive, and yield the frames that are complete."""
        self._buffer += data
        while len(self._buffer) >= 8:
            first, second = struct.unpack_from(">II", self._buffer)
            size = second & 0xFFFFFF
            if len(self._buffer) < 8 + size:
                return
            payload = bytes(self._buffer[8 : 8 + size])
            del self._buffer[: 8 + size]
            yield self._frame(first, second >> 24, payload)

    def encode(self, frame: Frame) -> bytes:
        """The bytes of a frame."""
        flags = FIN if frame.fin else 0
        if frame.kind is Kind.DATA:
            return struct.pack(">II", frame.stream, flags << 24 | len(frame.data)) + frame.data
        payload = frame.data if frame.kind is Kind.PING else struct.pack(">I", frame.stream)
        if frame.kind is Kind.SYN_STREAM:
            payload += struct.pack(">IH", 0, 0)
        if frame.kind in (Kind.SYN_STREAM, Kind.SYN_REPLY):
            payload += self._deflate.compress(_pairs(frame.headers)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return struct.pack(">HHI", 0x8000 | VERSION, frame.kind, flags << 24 | len(payload)) + payload

    def _frame(self, first: int, flags: int, payload: bytes) -> Frame:
        fin = bool(flags & FIN)
        if not first & 0x80000000:
            return Frame(kind=Kind.DATA, stream=first, fin=fin, data=payload)
        kind = Kind(first & 0xFFFF)
        if kind in (Kind.PING, Kind.SETTINGS, Kind.GOAWAY):
            return Frame(kind=kind, data=payload)
        stream = struct.unpack_from(">I", payload)[0] & 0x7FFFFFFF
        if kind in (Kind.RST_STREAM, Kind.WINDOW_UPDATE):
            return Frame(kind=kind, stream=stream)
        block = payload[10 if kind is Kind.SYN_STREAM else 4 :]
        return Frame(kind=kind, stream=stream, fin=fin, headers=_read(self._inflate.decompress(block)))


def _pairs(headers: Mapping[str, str]) -> bytes:
    words = [word.encode() for pair in headers.items() for word in pair]
    return struct.pack(">I", len(headers)) + b"".join(struct.pack(">I", len(word)) + word for word in words)


def _read(block: bytes) -> dict[str, str]:
    count, place = struct.unpack_from(">I", block)[0], 4
    words = []
    for _ in range(2 * count):
        size = struct.unpack_from(">I", block, place)[0]
        words.append(block[place + 4 : place + 4 + size].decode())
        place += 4 + size
    return dict(zip(words[::2], words[1::2], strict=True))
