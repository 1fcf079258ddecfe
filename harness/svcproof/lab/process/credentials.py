"""The credentials of one lab: certificates of its servers and their authority, and kubeconfigs for clients."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from svcproof.disk import write_private
from svcproof.lab.layout import Layout

LIFETIME = timedelta(days=30)
API_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")

_MAY_SIGN = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=True,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


def write_certificates(directory: Path, layout: Layout) -> None:
    """Write ca.crt, tls.crt and tls.key, valid for every name and address the lab serves on; keys are its own."""
    authority, certificate = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    addresses = {"127.0.0.1", "::1", *layout.fabric, *layout.api_service}
    addresses.update(address for node in layout.nodes for address in node.addresses)
    names = (*API_NAMES, f"kubernetes.default.svc.{layout.dns_domain}", *(node.name for node in layout.nodes))
    alternatives = x509.SubjectAlternativeName(
        [*map(x509.DNSName, names), *(x509.IPAddress(ip_address(address)) for address in sorted(addresses))]
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    serving = (
        _builder("svcproof-lab", certificate.subject, key)
        .add_extension(alternatives, critical=False)
        .add_extension(issuer, critical=False)
        .add_extension(x509.ExtendedKeyUsage([x509.OID_SERVER_AUTH]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    (directory / "ca.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    (directory / "tls.crt").write_bytes(serving.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(directory / "tls.key", private)


def write_kubeconfig(path: Path, *, server: str, authority: Path, token: str) -> None:
    """Write a kubeconfig of one cluster, one user and one context, all named svcproof-lab.

    It is JSON, which is YAML too, so that a proxy that has only a standard library can read it.
    """
    name = "svcproof-lab"
    cluster = {"server": server, "certificate-authority-data": b64encode(authority.read_bytes()).decode()}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }
    write_private(path, json.dumps(document, indent=2))


def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("svcproof-lab-ca")
    certificate = (
        _builder("svcproof-lab-ca", name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_MAY_SIGN, critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _builder(name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A clock a little behind ours must not refuse it.
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
