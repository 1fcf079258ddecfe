"""Addresses for load balancers in the network of the nodes, which several clusters share."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from harness import ledger
from harness.errors import UsageError
from harness.install import metallb
from harness.kind.engine import Engine
from harness.kind.network import Network, existing
from harness.kind.tools import Tools
from harness.model.cluster_spec import AddressSpan, ClusterSpec

CLAIM_WITHIN = 30.0


def check(engine: Engine, spec: ClusterSpec) -> None:
    """Raise UsageError where the declared pool is outside the network, if there is one already."""
    if spec.load_balancer_pool and (there := existing(engine)):
        _inside(spec, there)


def pool(tools: Tools, cluster: str, spec: ClusterSpec, network: Network) -> tuple[AddressSpan, ...]:
    """The pool that is declared, or one per IP family where nobody is; each cluster of this user gets another.

    Raises UsageError where the declared one is outside the network, ProvisionError where there is no room.
    """
    if spec.load_balancer_pool:
        _inside(spec, network)
        return spec.load_balancer_pool
    place = _place()
    with ledger.writing("the addresses of load balancers", place), _claiming(place):
        claims = _claims(place, tools.kind.clusters())
        if cluster not in claims:
            others = [span for spans in claims.values() for span in spans]
            claims[cluster] = tuple(_free(family, network, others) for family in spec.families)
            written = [one.model_dump(mode="json") for one in claims[cluster]]
            (place / cluster).write_text(json.dumps(written))
        return claims[cluster]


def forget(cluster: str) -> None:
    """Give back the pool of a cluster that is gone."""
    (_place() / cluster).unlink(missing_ok=True)


def _inside(spec: ClusterSpec, network: Network) -> None:
    if problems := metallb.pool_problems(spec.load_balancer_pool, network.ranges):
        raise UsageError(problems)


@contextmanager
def _claiming(place: Path) -> Iterator[None]:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(place / ".lock", timeout=CLAIM_WITHIN):
        yield


def _place() -> Path:
    return ledger.state() / "pools"


def _claims(place: Path, clusters: Sequence[str]) -> dict[str, tuple[AddressSpan, ...]]:
    """What clusters have; the claims of those that are gone are forgotten."""
    claims = {}
    for file in place.glob("[!.]*"):
        if file.name in clusters:
            claims[file.name] = tuple(map(AddressSpan.model_validate, json.loads(file.read_text())))
        else:
            file.unlink()
    return claims


def _free(family: str, network: Network, others: Sequence[AddressSpan]) -> AddressSpan:
    whole = next(one for one in network.ranges if f"ipv{one.version}" == family)
    return metallb.pool(whole, network.taken, others)
