"""Installs a proxy and waits to be ended: `python -m tests.install.proxy.held KUBECONFIG PROXY TOKEN`."""

import sys
import time
from pathlib import Path

from harness import declare
from harness.install.proxy import installed
from harness.install.site import Site
from harness.kube import Kube

path, proxy, token = sys.argv[1:]


def say(words: str) -> None:
    """Tell who started this how far it is."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


site = Site(kube=Kube(Path(path)), kubeconfig=Path(path), token=token, own=False)
with installed(site, declare.proxy(proxy), say):
    say("installed")
    time.sleep(300)
