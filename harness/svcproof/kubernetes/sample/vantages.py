"""The vantages of a cluster: its agent pods, and the clients outside."""

from svcproof.agent.vantage import Recorder, Vantage
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube, PodShell
from svcproof.kubernetes.sample.workload import VantageOf
from svcproof.model.cluster import Cluster


def pod_vantages(kube: Kube, cluster: Cluster, recorder: Recorder) -> VantageOf:
    """A function from a running agent Pod to the vantage it is."""

    def vantage(pod: Object) -> Vantage:
        addresses = tuple(address["ip"] for address in pod["status"]["podIPs"])
        name = pod["metadata"]["name"]
        shell = PodShell(kube, name, pod["metadata"]["namespace"])
        return Vantage(name, pod["spec"]["nodeName"], addresses, cluster.channel(pod), recorder, shell)

    return vantage


def outside_vantages(cluster: Cluster, recorder: Recorder) -> tuple[Vantage, ...]:
    """The clients outside the cluster, as vantages, in its order."""
    return tuple(
        Vantage(client.name, "", client.addresses, client.channel, recorder, client.shell) for client in cluster.outside
    )
