"""Install MetalLB, wait to be ended: `python -m tests.kubernetes.metallb.held KUBECONFIG MANIFEST TOKEN ADDRESS`."""

import sys
import time
from ipaddress import ip_address
from pathlib import Path

from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.metallb import install, manifest
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.model.cluster_spec import AddressSpan, MetalLBSpec

path, file, token, address = sys.argv[1:]


def say(words: str) -> None:
    """Tell who started this how far it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


access = ClusterAccess(kube=Kube(Path(path)), kubeconfig=Path(path), token=token, ends_with_run=False)
one = AddressSpan(first=ip_address(address), last=ip_address(address))
with install(access, manifest(MetalLBSpec(manifest=file), say), (one,), say):
    time.sleep(300)
