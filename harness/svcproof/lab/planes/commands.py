"""The command lines of a real control plane.

https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from svcproof.lab.layout import API_PORT

LEFT_OUT = (
    # The lab's nodes send no heartbeats, and are there for as long as the lab is.
    "node-lifecycle-controller",
    "taint-eviction-controller",
    "device-taint-eviction-controller",
    # Nodes come with their pod ranges, and with routes: the controller of routes, which 1.37 no longer knows, is idle
    # without --allocate-node-cidrs.
    "node-ipam-controller",
    # The lab's own storage controller binds claims, and makes volumes for them.
    "persistentvolume-binder-controller",
    "persistentvolume-attach-detach-controller",
    "persistentvolume-expander-controller",
)
"""Controllers of kube-controller-manager that have nothing to do in a lab, or would do what the lab's own do."""
NO_ADMISSION = ("TaintNodesByCondition",)
"""Admission that taints a new node until the node lifecycle controller, which is left out, takes the taint away."""
REQUESTS_PER_SECOND = 500
"""More than a lab needs: at its default of 20, what a check waits for would wait for kube-controller-manager's turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The address and ports of a control plane, and the directory that has its files."""

    directory: Path
    address: str
    advertised: str
    port: int = API_PORT
    etcd: int = 2379
    etcd_peers: int = 2380

    @property
    def url(self) -> str:
        """The API server's, with which clients begin."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"https://{host}:{self.port}"

    @property
    def account_key(self) -> Path:
        """The private key that signs tokens of ServiceAccounts."""
        return self.directory / "service-accounts.key"

    @property
    def tokens(self) -> Path:
        """The bearer tokens that are let in."""
        return self.directory / "tokens.csv"

    @property
    def authority(self) -> Path:
        """The certificate of the authority that has signed the servers' own."""
        return self.directory / "ca.crt"


def etcd(program: Path, place: Place) -> list[str]:
    """The store; what it holds need not outlive the machine, so that it need not wait for the disk."""
    clients, peers = f"http://127.0.0.1:{place.etcd}", f"http://127.0.0.1:{place.etcd_peers}"
    return [
        *(str(program), "--data-dir", str(place.directory / "etcd"), "--unsafe-no-fsync"),
        *("--listen-client-urls", clients, "--advertise-client-urls", clients),
        *("--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"default={peers}"),
    ]


def api_server(
    program: Path,
    place: Place,
    *,
    service_ranges: Sequence[object],
    node_ports: range = range(30000, 32768),
    left_out: Sequence[str] = NO_ADMISSION,
    authorization: str = "RBAC",
) -> list[str]:
    """The API server, which knows the callers of its token file and the tokens of ServiceAccounts."""
    return [
        *(str(program), f"--etcd-servers=http://127.0.0.1:{place.etcd}"),
        *(f"--bind-address={place.address}", f"--secure-port={place.port}", f"--advertise-address={place.advertised}"),
        *(f"--tls-cert-file={place.directory / 'tls.crt'}", f"--tls-private-key-file={place.directory / 'tls.key'}"),
        *(f"--token-auth-file={place.tokens}", f"--authorization-mode={authorization}"),
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={place.account_key}",
        f"--service-account-signing-key-file={place.account_key}",
        f"--service-cluster-ip-range={','.join(map(str, service_ranges))}",
        f"--service-node-port-range={node_ports.start}-{node_ports.stop - 1}",
        f"--kubelet-certificate-authority={place.authority}",
        "--kubelet-preferred-address-types=InternalIP",
        # To the pods behind a webhook's Service at once: no proxy runs where the API server is.
        "--enable-aggregator-routing=true",
        "--allow-privileged=true",
        f"--disable-admission-plugins={','.join(left_out)}",
    ]


def controller_manager(program: Path, place: Place, kubeconfig: Path, controllers: Sequence[str]) -> list[str]:
    """The controllers of these names; see `LEFT_OUT`."""
    return [
        *(str(program), f"--kubeconfig={kubeconfig}", "--leader-elect=false", "--secure-port=0"),
        f"--controllers={','.join(controllers)}",
        f"--service-account-private-key-file={place.account_key}",
        f"--root-ca-file={place.authority}",
        f"--kube-api-qps={REQUESTS_PER_SECOND}",
        f"--kube-api-burst={REQUESTS_PER_SECOND}",
    ]
