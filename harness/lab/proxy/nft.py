"""The kernel's nftables, by way of nft."""

import subprocess


class NftError(Exception):
    """nft refused a transaction; nothing of it has taken effect."""


def load(transaction: str) -> None:
    """Apply a transaction, all of it or nothing; raises NftError with nft's own words and the line it means."""
    try:
        done = subprocess.run(["nft", "-f", "-"], input=transaction, capture_output=True, text=True)
    except OSError as trouble:
        raise NftError(f"nft could not be started ({trouble}); is nftables installed?") from trouble
    if done.returncode != 0:
        raise NftError(f"nft exited with {done.returncode}: {done.stderr.strip()[:2000]}")
