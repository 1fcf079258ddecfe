"""The detached signature of a claim: that of ssh is verified here, for others the command is told.

svcproof signs nothing and holds no key. https://man.openbsd.org/ssh-keygen#Y~5
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from svcproof.commands import Command, CommandError
from svcproof.limits import Request
from svcproof.model.claim import Claim
from svcproof.printable import clipped

NAMESPACE = "svcproof"
SUFFIXES: Mapping[str, str] = {"ssh": ".sig", "minisign": ".minisig", "cosign": ".sigstore.json"}
"""The ends of the names of signatures, by what makes them."""
BY_HAND: Mapping[str, tuple[str, ...]] = {
    "minisign": ("minisign", "-V", "-p", "KEY.pub", "-m", "{claim}"),
    "cosign": (
        "cosign",
        "verify-blob",
        "--bundle",
        "{claim}.sigstore.json",
        "--certificate-identity",
        "WHO",
        "{claim}",
    ),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """The outcome: `is_sound` is false where the signature is missing or wrong, and `sentence` says it."""

    is_sound: bool
    sentence: str


def signature_of(file: Path, claim: Claim, signers: Path | None) -> Signature:
    """Verify the signature beside a claim, by keys that somebody trusts, where there are some."""
    if not claim.signed:
        return Signature(not signers, f"{file} is not signed")
    beside = file.with_name(file.name + SUFFIXES[claim.signed])
    if not beside.is_file():
        return Signature(False, f"{file} is to be signed with {claim.signed}, and there is no file {beside}")
    if claim.signed in BY_HAND:
        command = shlex.join(word.format(claim=file) for word in BY_HAND[claim.signed])
        return Signature(True, f"the signature is not verified here: {command}")
    if signers is None:
        return Signature(True, f"the signature {beside} is not verified: name the keys you trust with --signers")
    return _verified(file, beside, claim.project.contact, signers)


def _verified(file: Path, beside: Path, contact: str, signers: Path) -> Signature:
    words = ["ssh-keygen", "-Y", "verify", "-n", NAMESPACE, "-f", str(signers), "-I", contact, "-s", str(beside)]
    try:
        Command(words, Request.SIGNATURE, name=f"the verification of {beside}", sent=file.read_bytes()).output()
    except CommandError as error:
        return Signature(False, f"{file} is not signed by {clipped(contact)}, with a key in {signers}: {error}")
    return Signature(True, f"signed by {clipped(contact)}, with a key in {signers}")
