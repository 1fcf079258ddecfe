"""A real etcd and kube-apiserver on 127.0.0.1, to record what they answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from svcproof.binaries import find
from tests import real_plane
from tests.lab.apiserver.serving import places

VERSION = "1.36.3"
ETCD = "3.6.8"
ABSENT = (
    "TaintNodesByCondition",
    "LimitRanger",
    "ResourceQuota",
    "DefaultIngressClass",
    "DefaultStorageClass",
    "StorageObjectInUseProtection",
)
"""Admission of a real server that the lab has none of."""


@contextmanager
def real_api_server(*, dual_stack: bool) -> Iterator[str]:
    """Start both with one range for Services or one of each family; yields the server's URL."""
    paths = {"etcd": find("etcd", ETCD).path, "kube-apiserver": find("kube-apiserver", VERSION).path}
    with (
        TemporaryDirectory() as name,
        real_plane.real_api_server(Path(name), paths, places(dual_stack=dual_stack), left_out=ABSENT) as server,
    ):
        yield server.url
