"""The files that a real control plane reads."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from svcproof.disk import write_private
from svcproof.lab.planes.commands import Place

ADMINISTRATOR = 'svcproof,svcproof,"system:masters"'


def write(place: Place, *, certificates: Path, token: str) -> None:
    """Put into its directory copies of the certificates, a key for ServiceAccounts, and the administrator's token."""
    for name in ("ca.crt", "tls.crt", "tls.key"):
        write_private(place.directory / name, (certificates / name).read_text())
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    write_private(place.account_key, text.decode())
    write_private(place.tokens, f"{token},{ADMINISTRATOR}\n")
