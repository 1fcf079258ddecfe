"""A real etcd and kube-apiserver on 127.0.0.1, to record what they answer."""

import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_server
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from svcproof.binaries import find

VERSION = "1.36.3"
ETCD = "3.6.8"
TOKEN = "recorder"
START_SECONDS = 60
ABSENT = ",".join(
    (
        "TaintNodesByCondition",
        "LimitRanger",
        "ResourceQuota",
        "DefaultIngressClass",
        "DefaultStorageClass",
        "StorageObjectInUseProtection",
    )
)
"""Admission of a real server that the lab has none of."""


@contextmanager
def real_api_server(service_ranges: str) -> Iterator[str]:
    """Start both, the server with one or two ranges ("A,B"); yields its URL.

    They are killed in the end, the server first: it outlives its other signals.
    """
    with TemporaryDirectory() as name, ExitStack() as stack:
        directory = Path(name)
        key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        (directory / "sa.key").write_bytes(key)
        (directory / "tokens").write_text(f'{TOKEN},admin,admin,"system:masters"\n')
        store, peer, port = _port(), _port(), _port()
        client = f"http://127.0.0.1:{store}"
        etcd = [
            *(str(find("etcd", ETCD).path), "--data-dir", str(directory / "etcd"), "--unsafe-no-fsync"),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", f"http://127.0.0.1:{peer}"),
        ]
        server = [
            *(str(find("kube-apiserver", VERSION).path), "--etcd-servers", client),
            *("--secure-port", str(port), "--bind-address", "127.0.0.1", "--advertise-address", "172.30.0.1"),
            *("--cert-dir", str(directory / "certificates"), "--authorization-mode", "AlwaysAllow"),
            *("--token-auth-file", str(directory / "tokens"), "--service-cluster-ip-range", service_ranges),
            *("--service-account-issuer", "https://kubernetes.default.svc"),
            *("--service-account-key-file", str(directory / "sa.key")),
            *("--service-account-signing-key-file", str(directory / "sa.key")),
            *("--disable-admission-plugins", ABSENT, "--allow-privileged=true"),
        ]
        for number, argv in enumerate((etcd, server)):
            log = stack.enter_context((directory / f"{number}.log").open("wb"))
            process = stack.enter_context(subprocess.Popen(argv, stdout=log, stderr=log))
            stack.callback(process.kill)
        url = f"https://127.0.0.1:{port}"
        _await_ready(url, directory / "1.log")
        yield url


def _await_ready(url: str, log: Path) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    headers = {"Authorization": f"Bearer {TOKEN}"}
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urlopen(Request(f"{url}/readyz", headers=headers), context=context, timeout=2):
                return
        except URLError:
            time.sleep(0.2)
    raise RuntimeError(f"kube-apiserver at {url} was not ready within {START_SECONDS} s:\n{log.read_text()[-2000:]}")


def _port() -> int:
    with create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
