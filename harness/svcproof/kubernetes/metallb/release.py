"""The release of MetalLB that is installed unless told otherwise: its manifest, by address and digest."""

import hashlib
import http.client
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from svcproof.binaries.cache import alone
from svcproof.errors import ProvisionError
from svcproof.model.cluster import Progress

VERSION = "v0.16.2"
URL = f"https://raw.githubusercontent.com/metallb/metallb/{VERSION}/config/manifests/metallb-native.yaml"
# To make it again, also where that address cannot be reached, from the same tag's Go module:
#   go mod download -json go.universe.tf/metallb@v0.16.2    its Dir has config/manifests/metallb-native.yaml: sha256sum
SHA256 = "e5f7c268f114c446dc60aaad71b7cabf861f637743e033e354d7d48592807c6d"
TIMEOUT = 10.0
"""Seconds without an answer after which the site counts as out of reach."""
LARGEST = 8 << 20
"""Bytes that are read at most."""


def obtained(progress: Progress) -> Path:
    """Return the release's manifest, from the user's cache or, once, from its address.

    Whole or not at all, and checked against its digest each time. Raises ProvisionError where it cannot be had, with
    the option that takes a file in its place.
    """
    with alone(f"metallb-{VERSION}", progress) as folder:
        kept = folder / "metallb-native.yaml"
        if not (kept.is_file() and _digest(kept.read_bytes()) == SHA256):
            progress(f"obtaining MetalLB {VERSION} from {URL}")
            content = _downloaded()
            with TemporaryDirectory(dir=kept.parent, prefix="new-") as scratch:
                (new := Path(scratch) / kept.name).write_bytes(content)
                new.replace(kept)
    return kept


def _downloaded() -> bytes:
    try:
        with urllib.request.urlopen(URL, timeout=TIMEOUT) as answer:
            content: bytes = answer.read(LARGEST)
    except (OSError, http.client.HTTPException) as error:
        raise ProvisionError(_not_obtained(f"{error}")) from error
    if (digest := _digest(content)) != SHA256:
        raise ProvisionError(_not_obtained(f"what came has the SHA-256 {digest}, and not {SHA256}"))
    return content


def _not_obtained(why: str) -> str:
    remedy = "where this machine cannot reach that address, download the file elsewhere: --metallb-manifest PATH"
    return f"MetalLB {VERSION} could not be obtained from {URL}: {why}; {remedy}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
