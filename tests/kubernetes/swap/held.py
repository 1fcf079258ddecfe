"""Installs a proxy and waits to be ended: `python -m tests.kubernetes.swap.held KUBECONFIG PROXY TOKEN`."""

import sys
import time
from pathlib import Path

from svcproof import declare
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.site import Site
from svcproof.kubernetes.swap import install_proxy

path, proxy, token = sys.argv[1:]


def say(words: str) -> None:
    """Tell who started this how far it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


site = Site(kube=Kube(Path(path)), kubeconfig=Path(path), token=token, own=False)
with install_proxy(site, declare.proxy(proxy), say):
    say("installed")
    time.sleep(300)
