"""The kernel's nftables, by way of nft."""

import subprocess
from collections.abc import Iterable, Iterator

LARGEST = 50_000
"""Characters in one transaction. It becomes one netlink message of some five times the size, and in a user namespace
that must fit a socket buffer of twice net.core.wmem_max, 416 KiB as a rule."""


class NftError(Exception):
    """nft refused a transaction; nothing of it has taken effect."""


def load(steps: Iterable[str]) -> None:
    """Take these steps at once if that is possible; raises NftError with nft's own words."""
    for transaction in transactions(steps):
        try:
            done = subprocess.run(["nft", "-f", "-"], input=transaction, capture_output=True, text=True)
        except OSError as trouble:
            raise NftError(f"nft could not be started ({trouble}); is nftables installed?") from trouble
        if done.returncode != 0:
            raise NftError(f"nft exited with {done.returncode}: {done.stderr.strip()[:2000]}")


def transactions(steps: Iterable[str]) -> Iterator[str]:
    """Put steps together to as few transactions as they fit into."""
    together = ""
    for step in steps:
        if together and len(together) + len(step) > LARGEST:
            yield together
            together = ""
        together += step
    if together:
        yield together
