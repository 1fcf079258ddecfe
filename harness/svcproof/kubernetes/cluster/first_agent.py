"""The first agent pod of a run: shows that agents start in the cluster, and how they are reached."""

from contextlib import closing
from dataclasses import replace
from typing import cast

from svcproof.agent import readings
from svcproof.agent.readings import Surroundings
from svcproof.errors import ProbeError, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.api_cluster import ApiCluster
from svcproof.kubernetes.cluster.reach import Reach
from svcproof.kubernetes.objects.cluster_access import with_label
from svcproof.kubernetes.objects.status import has_started
from svcproof.kubernetes.sample.namespace import provide_namespace
from svcproof.kubernetes.sample.pods import AgentPod, pod_manifest
from svcproof.limits import Provision
from svcproof.model.cluster import Channel, Progress
from svcproof.wait import provisioned
from svcproof.wait.predicates import is_there

NAME = "trial"


def try_first_agent(kube: Kube, reach: Reach, progress: Progress) -> Reach:
    """Start an agent on the first node, ask it, and remove it; return the reach completed by what that has shown.

    Raises ProvisionError where it does not start, or neither way leads to it.
    """
    progress(f"starting the first agent, from the image {reach.image}")
    with (
        closing(ApiCluster(reach)) as cluster,
        provide_namespace(kube, cluster, f"svcproof-{reach.token}-trial") as namespace,
    ):
        agent_pod = AgentPod(name=NAME, namespace=namespace, node=reach.nodes[0].name, tcp=(), udp=(), http=())
        kube.create(with_label(pod_manifest(agent_pod, cluster.agents), reach.token))
        try:
            pod = kube.wait("Pod", NAME, namespace, until=has_started, within=Provision.FIRST_POD_STARTED)
            held, surroundings = _asked(reach, pod)
        finally:
            kube.delete("Pod", NAME, namespace, missing_ok=True, grace=0)
    domain = dns_domain(surroundings.search) or reach.spec.dns_domain
    return replace(reach, held=held, spec=reach.spec.model_copy(update={"dns_domain": domain}))


def dns_domain(search: tuple[str, ...]) -> str:
    """The cluster's DNS domain, by the search domains of a pod: <namespace>.svc.<domain>, svc.<domain>, <domain>.

    https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services
    """
    return next((domain.removeprefix("svc.").rstrip(".") for domain in search if domain.startswith("svc.")), "")


def _asked(reach: Reach, pod: Object) -> tuple[bool, Surroundings]:
    """Ask through the API server's pod proxy or, where it reaches no pod, through an exec stream."""
    troubles = []
    for held in (False, True):
        with closing(ApiCluster(replace(reach, held=held))) as cluster:
            try:
                return held, _answer(cluster.channel(pod))
            except ProvisionError as trouble:
                troubles.append(str(trouble).splitlines()[-1].strip())
    ways = f"through the API server's pod proxy: {troubles[0]}\nthrough an exec stream: {troubles[1]}"
    raise ProvisionError(f"the agent in the first pod runs and cannot be asked\n{ways}")


def _answer(channel: Channel) -> Surroundings:
    troubles: list[str] = []

    def look() -> Surroundings | None:
        try:
            answer = channel.ask("/environment", b"{}", Provision.FIRST_AGENT_ANSWERS.seconds / 2)
            return cast(Surroundings, readings.understood(NAME, "/environment", readings.SURROUNDINGS, answer))
        except ProbeError as trouble:
            troubles.append(str(trouble))
            return None

    try:
        surroundings = provisioned("the first agent's answer", look, is_there, Provision.FIRST_AGENT_ANSWERS, every=0.2)
    except ProvisionError as why:
        raise ProvisionError(troubles[-1]) from why
    if surroundings is None:
        raise ProvisionError(troubles[-1])
    return surroundings
