"""A site put into its place as a whole: who reads it sees the old one or the new one, and a failure leaves the old."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from svcproof.disk import remove_or_raise, remove_tree
from svcproof.errors import ProvisionError, UsageError
from svcproof.printable import quoted

MARK = "data/index.json"
"""The file by which a directory is known as a site of ours, which may be replaced."""
OURS = frozenset({"index.html", "all.html", "compare.html", "faq.html", "feed.xml", "b", "badge", "data", "p", "runs"})
"""The files and folders that a site has at its top."""
SAVED = "site"
"""The name of the old site while the new one takes its place."""


def refuse(out: Path, source: Path) -> None:
    """Raise UsageError where a site must not be written: over other files, or over or into what it is made of."""
    here, there = out.resolve(), source.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise UsageError(f"--out {out} is {source}, or in it, or around it: name a directory that is elsewhere")
    if here.exists() and not here.is_dir():
        raise UsageError(f"--out {out} is not a directory")
    present = {path.name for path in here.iterdir()} if here.is_dir() else set[str]()
    foreign = sorted(present if not (here / MARK).is_file() else present - OURS)
    if foreign:
        what = f"--out {out} has files that are of no site, such as {quoted(foreign[0])}, which would be lost"
        raise UsageError(f"{what}: name an empty directory, or one that is not there")
    if not here.parent.is_dir():
        raise UsageError(f"--out {out}: there is no directory {here.parent}")


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write all files beside the old site, then take its place; raises ProvisionError where that fails."""
    out = out.resolve()
    draft = old = None
    try:
        draft = Path(mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        for path, content in files.items():
            place = draft / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        draft.chmod(0o755)
        if out.exists():
            old = Path(mkdtemp(prefix=f".{out.name}.old-", dir=out.parent))
            out.replace(old / SAVED)
        draft.replace(out)
    except OSError as error:
        if old is not None and not out.exists():
            with suppress(OSError):
                (old / SAVED).replace(out)
        for leftover in filter(None, (draft, old)):
            if not (leftover / SAVED).exists():  # What could not be put back is not to be lost as well.
                remove_tree(leftover)
        what = f"cannot write the site {out}: {error.strerror}; the old one, if there was one, is as it was"
        raise ProvisionError(what) from error
    if old is not None:
        remove_or_raise(old)
