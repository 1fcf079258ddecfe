"""The chains that pick an endpoint, and the memory of session affinity.

Without affinity one rule draws an endpoint at random. With affinity each endpoint has a set of the clients sent to it
lately; the kernel fills and ages it, and it is left alone for as long as the endpoint stays usable.
"""

from collections.abc import Iterator

from svcproof.reference_proxy.endpoints import Endpoints
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.frontends import Frontend
from svcproof.reference_proxy.ruleset import Chain, SetOrMap
from svcproof.reference_proxy.state import Endpoint, Policy


def backend_chains(frontend: Frontend, family: Family) -> Iterator[tuple[str, Chain]]:
    """Yield the chains that spread a frontend's traffic over the endpoints each policy allows."""
    for policy, endpoints in ((Policy.CLUSTER, frontend.cluster), (Policy.LOCAL, frontend.local)):
        is_used = policy is frontend.policy or (policy is Policy.CLUSTER and not frontend.internal)
        if not endpoints or not is_used:  # What no set is declared for, nft refuses, with all other changes.
            continue
        name = f"{policy.lower()}/{frontend.name}"
        if frontend.affinity is None:
            yield name, Chain((draw(frontend, endpoints, family),))
        else:
            yield name, Chain(tuple(_remember(frontend, endpoints, family)))
            for endpoint in endpoints:
                yield _chain(frontend, endpoint), Chain(_stay(frontend, endpoint, family))


def memory(frontend: Frontend, family: Family) -> Iterator[tuple[str, SetOrMap]]:
    """Yield the sets of clients, one for each endpoint of a frontend with affinity."""
    if frontend.affinity is not None:
        for endpoint in frontend.reachable:
            declaration = f"type {family.address_type}; flags dynamic,timeout;"
            yield _clients(frontend, endpoint), SetOrMap("set", declaration, None)


def draw(frontend: Frontend, endpoints: Endpoints, family: Family) -> str:
    """Return the statement that sends a connection to one of the endpoints, each as likely as the others."""
    numbered = ", ".join(f"{n} : {endpoint.address} . {endpoint.port}" for n, endpoint in enumerate(endpoints))
    to = f"numgen random mod {len(endpoints)} map {{ {numbered} }}"
    return f"meta l4proto {frontend.protocol.lower()} dnat {family.nft} to {to}"


def _remember(frontend: Frontend, endpoints: Endpoints, family: Family) -> Iterator[str]:
    for endpoint in endpoints:
        yield f"{family.nft} saddr @{_clients(frontend, endpoint)} goto {_chain(frontend, endpoint)}"
    numbered = ", ".join(f"{n} : goto {_chain(frontend, endpoint)}" for n, endpoint in enumerate(endpoints))
    yield f"numgen random mod {len(endpoints)} vmap {{ {numbered} }}"


def _stay(frontend: Frontend, endpoint: Endpoint, family: Family) -> tuple[str, ...]:
    address = f"[{endpoint.address}]" if family.version == 6 else endpoint.address
    return (
        f"update @{_clients(frontend, endpoint)} {{ {family.nft} saddr timeout {frontend.affinity}s }}",
        f"meta l4proto {frontend.protocol.lower()} dnat {family.nft} to {address}:{endpoint.port}",
    )


def _chain(frontend: Frontend, endpoint: Endpoint) -> str:
    return f"endpoint/{frontend.name}/{_identifier(endpoint)}"


def _clients(frontend: Frontend, endpoint: Endpoint) -> str:
    return f"clients/{frontend.name}/{_identifier(endpoint)}"


def _identifier(endpoint: Endpoint) -> str:
    """Return a name for the endpoint; nft allows no colons in names."""
    return f"{endpoint.address.replace(':', '.')}/{endpoint.port}"
