"""A stream that never fails, whatever becomes of the file behind it."""

import errno
import io
import os
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from svcproof.output import lossy, lost

SENTENCE = "déjà vu…\n"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The ends of a pipe, for reading and for writing."""
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):  # The test has closed it.
            os.close(end)


def test_everything_that_the_file_takes_is_written(pipe: tuple[int, int]) -> None:
    with lossy(pipe[1], None, own=True) as stream:
        stream.write(SENTENCE)
        assert lost(stream) is None

    assert os.read(pipe[0], 100).decode() == SENTENCE


def test_what_nobody_reads_is_dropped(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with lossy(pipe[1], None, own=True) as stream:
        stream.write(SENTENCE)

        why = lost(stream)

    assert why is not None
    assert why.errno == errno.EPIPE


@pytest.mark.parametrize(("path", "flags", "number"), [
    ("/dev/full", os.O_WRONLY, errno.ENOSPC),
    ("/dev/null", os.O_RDONLY, errno.EBADF),
])  # fmt: skip
def test_what_cannot_be_written_is_dropped(path: str, flags: int, number: int) -> None:
    with lossy(os.open(path, flags), None, own=True) as stream:
        stream.write(SENTENCE * 10_000)

        why = lost(stream)

    assert why is not None
    assert why.errno == number


@pytest.mark.parametrize(("encoding", "written"), [
    ("ascii", rb"d\xe9j\xe0 vu\u2026"),
    ("latin-1", b"d\xe9j\xe0 vu\\u2026"),
    ("utf-8", "déjà vu…".encode()),
])  # fmt: skip
def test_characters_that_the_encoding_lacks_are_written_as_escapes(
    pipe: tuple[int, int], encoding: str, written: bytes
) -> None:
    like = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with lossy(pipe[1], like, own=True) as stream:
        stream.write(SENTENCE)

    assert os.read(pipe[0], 100).strip() == written


def test_a_lone_surrogate_is_written_as_an_escape(pipe: tuple[int, int]) -> None:
    with lossy(pipe[1], None, own=True) as stream:
        stream.write("\udcff")

    assert os.read(pipe[0], 100) == rb"\udcff"


@pytest.mark.timeout(30)
def test_a_slow_reader_of_a_pipe_that_does_not_block_gets_all(pipe: tuple[int, int]) -> None:
    os.set_blocking(pipe[1], False)
    got = bytearray()

    def read() -> None:
        while chunk := os.read(pipe[0], 4096):
            got.extend(chunk)

    reader = threading.Thread(target=read)
    reader.start()
    with lossy(pipe[1], None, own=True) as stream:
        stream.write("x" * 1_000_000)
        assert lost(stream) is None
    reader.join()

    assert len(got) == 1_000_000
