"""Addresses for load balancers in the network of the nodes, which several clusters share."""

import json
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from svcproof import ledger
from svcproof.disk import UnreadableError, read_json, remove_tree, write_private
from svcproof.errors import ProvisionError, UsageError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.network import Network, existing
from svcproof.kubernetes.kind.tools import Tools
from svcproof.limits import Provision
from svcproof.model.cluster_spec import AddressSpan, ClusterSpec

NOTE = "the addresses of load balancers"
SPANS = TypeAdapter(tuple[AddressSpan, ...])


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
    place = ledger.make_part("pools", NOTE)
    with ledger.writing(NOTE, place), FileLock(place / ".lock", timeout=Provision.POOL_CLAIMED.seconds):
        claims = _claims(place, cluster, tools.kind.clusters())
        if cluster not in claims:
            others = [span for spans in claims.values() for span in spans]
            claims[cluster] = tuple(_free(family, network, others) for family in spec.families)
            written = [span.model_dump(mode="json") for span in claims[cluster]]
            write_private(place / cluster, json.dumps(written), durable=True)
        return claims[cluster]


def forget(cluster: str) -> None:
    """Give back the pool of a cluster that is gone."""
    for claim in ledger.entries_of("pools"):
        if claim.name == cluster:
            claim.unlink(missing_ok=True)


def _inside(spec: ClusterSpec, network: Network) -> None:
    if problems := metallb.pool_problems(spec.load_balancer_pool, network.ranges):
        raise UsageError(problems)


def _claims(place: Path, cluster: str, clusters: Sequence[str]) -> dict[str, tuple[AddressSpan, ...]]:
    """What clusters have; the claims of those that are gone are forgotten."""
    claims: dict[str, tuple[AddressSpan, ...]] = {}
    for file in place.glob("[!.]*"):
        if file.name not in clusters:
            remove_tree(file)
        elif spans := _read(file, cluster):
            claims[file.name] = spans
    return claims


def _read(file: Path, cluster: str) -> tuple[AddressSpan, ...]:
    """Read a claim; empty where it is this cluster's own and cannot be read, so that it gets another."""
    try:
        return SPANS.validate_python(read_json(file))
    except (UnreadableError, ValidationError) as error:
        if file.name == cluster:
            return ()
        raise ProvisionError(
            f"the addresses that the cluster {file.name} has are not known: {file} cannot be read ({error}); remove "
            f"that cluster, with svcproof kind down {file.name}"
        ) from error


def _free(family: str, network: Network, others: Sequence[AddressSpan]) -> AddressSpan:
    whole = next(one for one in network.ranges if f"ipv{one.version}" == family)
    return metallb.free_addresses(whole, network.taken, others)
