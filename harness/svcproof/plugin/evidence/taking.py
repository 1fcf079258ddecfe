"""The evidence of one check, taken in the process that makes it."""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from itertools import islice

import pytest

from svcproof.agent.vantage import Unrecorded, Vantage
from svcproof.evidence.collection import Collection
from svcproof.evidence.folder import EvidenceFolder
from svcproof.evidence.manifests import as_yaml
from svcproof.evidence.meanwhile import circumstances
from svcproof.evidence.packets import as_file, of_subject
from svcproof.evidence.scene import Scene, scene
from svcproof.evidence.subject import subject
from svcproof.json_objects import Object
from svcproof.model.circumstance import Circumstance
from svcproof.model.cluster import Cluster, OutsideClient
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact
from svcproof.model.probe import Observation
from svcproof.plugin.evidence.objects import CheckObjects, objects
from svcproof.plugin.evidence.results import results
from svcproof.report.evidence import stem

VANTAGES = pytest.StashKey[dict[str, tuple[Vantage, Object | OutsideClient]]]()
"""The vantages of this process by name, with the pod or client that each is."""
MOST_NODES = 5
MOST_BACKENDS = 8
NOTHING = CheckObjects()


def taken(config: pytest.Config, cluster: Cluster, fact: Fact) -> tuple[Evidence, tuple[Circumstance, ...]]:
    """Take the evidence of a check whose fact is complete but for that, and what of it has a time.

    Whatever fails is said in it.
    """
    place = results(config)
    if place is None:
        return Evidence(missing=("evidence: this process does not know where results are kept",)), ()
    view = scene(fact)
    began = datetime.fromisoformat(fact.at).timestamp() if fact.at else time.time() - fact.seconds
    witness = cluster.witness
    folder = EvidenceFolder(place, stem(fact), witness.secrets)
    vantages = config.stash.get(VANTAGES, {})
    named = [vantages[name][0] for name in view.vantages if name in vantages]
    collection = Collection(
        witness=witness,
        folder=folder,
        subject=subject([], [], [], view.targets, [], cluster.nodes),
        nodes=_nodes(cluster, view, named),
        began=began,
        changed=began + view.last_change,
    )
    found = NOTHING
    with collection.unless_refused("the objects of the check"):
        found = _objects(cluster, view, began)
    names = [f"{namespace}/{name}" for namespace, name in view.services]
    clients = [address for vantage in named for address in vantage.addresses]
    whole = subject(names, found.services, found.slices, view.targets, clients, cluster.nodes)
    collection = replace(collection, subject=whole)
    collection.take()
    folder.write_text(
        "the check's Services, EndpointSlices, pods and events", "yaml", as_yaml(found.all, witness.secrets)
    )
    if view.failing:
        with collection.unless_refused("the packets of a second try"):
            _capture(collection, view.failing, found.backends(), vantages)
    timed: tuple[Circumstance, ...] = ()
    with collection.unless_refused("what happened meanwhile"):
        timed = tuple(circumstances(collection))
    return collection.evidence(), timed


def _objects(cluster: Cluster, view: Scene, began: float) -> CheckObjects:
    from svcproof.kubernetes.api import Kube

    with closing(Kube(cluster.kubeconfig)) as kube:
        return objects(kube, view, began)


def _nodes(cluster: Cluster, view: Scene, vantages: Sequence[Vantage]) -> list[str]:
    """The nodes concerned: those of the failing probe's target and vantage, of other vantages, then the others."""
    failing = view.failing
    target = [node.name for node in cluster.nodes if failing and failing.target.address in node.addresses]
    own = [failing.node] if failing and failing.node else []
    others = [vantage.node for vantage in vantages if vantage.node]
    every = dict.fromkeys([*target, *own, *others, *(node.name for node in cluster.nodes)])
    return list(islice((name for name in every if name), MOST_NODES))


def _capture(
    collection: Collection,
    failing: Observation,
    backends: Sequence[Object],
    vantages: dict[str, tuple[Vantage, Object | OutsideClient]],
) -> None:
    """Make the failing probe once more, and keep the packets that pass its client and the backends."""
    vantage, client = vantages[failing.vantage]
    ends = (client, *backends[:MOST_BACKENDS])
    with collection.witness.capture(ends) as packets:
        seen = replace(vantage, recorder=Unrecorded()).probe([failing.target])
    own = of_subject(packets, collection.subject)
    places = ", ".join(f"{number} is {_name(end)}" for number, end in enumerate(ends, 1))
    title = f"packets of a second try, which was: {'; '.join(map(str, seen.observations))}; interface {places}"
    collection.folder.write(title, "pcap", as_file(own))


def _name(end: Object | OutsideClient) -> str:
    return end.name if isinstance(end, OutsideClient) else str(end["metadata"]["name"])
