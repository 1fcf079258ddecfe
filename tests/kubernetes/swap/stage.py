"""What tests of proxies on a real cluster look at, and a run to be ended in the middle."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.wait import provisioned

ON_ONE_CLUSTER = [
    pytest.mark.kind,
    pytest.mark.usefixtures("as_it_was"),
    pytest.mark.xdist_group("one cluster"),
    pytest.mark.timeout(300),
]
"""The marks of tests that exchange the proxy of a cluster, and leave it as it was."""
Everything = Callable[[], Mapping[str, Object]]


def quiet(words: str) -> None:
    """Takes no notice."""


def rules(node: str) -> str:
    """Whose rules a node has."""
    words = (
        "iptables-save | grep -q KUBE-SVC- && echo iptables; nft list tables | grep -q 'ip kube-proxy' && echo nftables"
    )
    ran = subprocess.run(("docker", "exec", node, "sh", "-c", words), capture_output=True, text=True, timeout=30)
    return " ".join(ran.stdout.split())


def await_rules(kube: Kube, whose: str) -> None:
    """Wait until these are the only rules on every node: a proxy that is ready may take a moment to write them."""
    seen = provisioned("the rules", lambda: {rules(node) for node in nodes(kube)}, lambda seen: seen == {whose}, 20)
    assert seen == {whose}


def nodes(kube: Kube) -> list[str]:
    return [node["metadata"]["name"] for node in kube.list("Node")]


def unknown(kube: Kube, directory: Path) -> Path:
    """Declare a proxy nobody knows, in a directory: kube-proxy's program under other names, and a kind of its own."""
    template = kube.get("DaemonSet", "kube-proxy", "kube-system")["spec"]["template"]["spec"]
    config = kube.get("ConfigMap", "kube-proxy", "kube-system")["data"]["kubeconfig.conf"]
    host = yaml.safe_load(config)["clusters"][0]["cluster"]["server"].removeprefix("https://").partition(":")[0]
    text = (Path(__file__).parent / "proxy.yaml").read_text()
    text = text.replace("IMAGE", template["containers"][0]["image"]).replace("APISERVER", host)
    (directory / "all.yaml").write_text(text)
    url = "http://127.0.0.1:10256/healthz"
    (declared := directory / "mine.yaml").write_text(
        f"title: mine\ninstall: {{manifests: [all.yaml]}}\nready: {{http: '{url}', within: 40}}\n"
    )
    return declared


@contextmanager
def held(kubeconfig: Path, proxy: str, token: str, sign: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that installs a proxy, once it has said that it has come so far."""
    words = (sys.executable, "-m", "tests.kubernetes.swap.held", str(kubeconfig), proxy, token)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert any(line.startswith(sign) for line in child.stdout), child.stderr and child.stderr.read()
            yield child
        finally:
            child.kill()
