"""Installs MetalLB and waits to be ended: `python -m tests.install.metallb.held KUBECONFIG MANIFEST TOKEN ADDRESS`."""

import sys
import time
from ipaddress import ip_address
from pathlib import Path

from harness.install.metallb import installed, manifest
from harness.install.site import Site
from harness.kube import Kube
from harness.model.cluster_spec import AddressSpan
from harness.model.real_spec import MetalLBSpec

path, file, token, address = sys.argv[1:]


def say(words: str) -> None:
    """Tell who started this how far it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


site = Site(kube=Kube(Path(path)), kubeconfig=Path(path), token=token, own=False)
one = AddressSpan(first=ip_address(address), last=ip_address(address))
with installed(site, manifest(MetalLBSpec(manifest=file), say), (one,), say):
    time.sleep(300)
