"""Installs a proxy and waits to be ended: `python -m tests.kubernetes.swap.held KUBECONFIG PROXY TOKEN`."""

import sys
import time
from pathlib import Path

from svcproof import declare
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy

path, proxy, token = sys.argv[1:]


def say(words: str) -> None:
    """Tell who started this how far it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


access = ClusterAccess(kube=Kube(Path(path)), kubeconfig=Path(path), token=token, ends_with_run=False)
with install_proxy(access, declare.proxy(proxy), say):
    say("installed")
    time.sleep(300)
