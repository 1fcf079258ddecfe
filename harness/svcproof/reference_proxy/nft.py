"""The kernel's nftables, loaded by the program nft."""

import subprocess
from collections.abc import Iterable, Iterator

LARGEST = 50_000
"""Characters in one transaction. It becomes one netlink message of some five times the size, and in a user namespace
that must fit a socket buffer of twice net.core.wmem_max, 416 KiB as a rule."""


class NftError(Exception):
    """nft refused a transaction; nothing of it has taken effect."""


def load(steps: Iterable[str]) -> None:
    """Load these steps, in one transaction if they fit; raises NftError with nft's own message."""
    for transaction in transactions(steps):
        try:
            result = subprocess.run(["nft", "-f", "-"], input=transaction, capture_output=True, text=True)
        except OSError as trouble:
            raise NftError(f"nft could not be started ({trouble}); is nftables installed?") from trouble
        if result.returncode != 0:
            raise NftError(f"nft exited with {result.returncode}: {result.stderr.strip()[:2000]}")


def has_table(family: str, name: str) -> bool:
    """True if the kernel has this table; also where it cannot be asked."""
    try:
        result = subprocess.run(["nft", "list", "tables", family], capture_output=True, text=True)
    except OSError:
        return True
    return result.returncode != 0 or f"table {family} {name}" in result.stdout.splitlines()


def transactions(steps: Iterable[str]) -> Iterator[str]:
    """Yield as few transactions as the steps fit into."""
    transaction = ""
    for step in steps:
        if transaction and len(transaction) + len(step) > LARGEST:
            yield transaction
            transaction = ""
        transaction += step
    if transaction:
        yield transaction
