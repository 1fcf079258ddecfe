"""A certificate authority for one lab, and the serving certificate of its API server.

EC P-256, a few milliseconds; nothing is written to disk for longer than it takes to load it.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.lab.layout import Layout

VALID = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM of the CA, and of the serving certificate with its key."""

    authority: str
    serving: str

    def server_context(self) -> ssl.SSLContext:
        """Return what an https listener needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as directory:
            file = Path(directory, "serving.pem")
            file.touch(mode=0o600)
            file.write_text(self.serving)
            context.load_cert_chain(file)
        return context


def certificates(layout: Layout) -> Certificates:
    """Make both, the latter good for every name and address under which the API server is reached."""
    # Late, and only here: importing it takes a tenth of a lab's start.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    start = datetime.now(UTC) - timedelta(hours=1)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = named("svcproof lab")

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(issuer, subject, public, x509.random_serial_number(), start, start + VALID)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    authority = builder(issuer, authority_key.public_key(), ca=True).sign(authority_key, hashes.SHA256())
    alternatives = x509.SubjectAlternativeName(
        [
            *(x509.IPAddress(ip_address(one)) for one in ("127.0.0.1", "::1", *layout.fabric, *layout.api_service)),
            *(x509.DNSName(one) for one in _names(layout.dns_domain)),
        ]
    )
    serving = (
        builder(named("kube-apiserver"), key.public_key(), ca=False)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Certificates(
        authority=authority.public_bytes(pem).decode(),
        serving=(serving.public_bytes(pem) + private).decode(),
    )


def _names(domain: str) -> tuple[str, ...]:
    service = "kubernetes.default"
    return ("localhost", "kubernetes", service, f"{service}.svc", f"{service}.svc.{domain}")
