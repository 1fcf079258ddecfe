"""The fields of Pods that say whether a Service leads to them: readiness, labels, deletion."""

from svcproof import Feature, Judged, control, equals, eventually

from ..clauses import ENDPOINT_SLICES, IN_STEP, SERVICE_API, VIRTUAL_IPS
from .field import EVERY_ADDRESS, Field, ignored
from .verbs import spec

ANYWHERE = (*EVERY_ADDRESS, "health_check_port")


def readiness(index, is_ready):
    """Make one of the check's own pods ready or not, and wait until the cluster knows."""

    def make(scene):
        pod = scene.kept["pods"].pods[index]
        pod.vantage.ready(is_ready)

        def status():
            conditions = pod.object["status"]["conditions"]
            return next(condition["status"] for condition in conditions if condition["type"] == "Ready")

        with control("the cluster knows of the pod's readiness"):
            noticed = equals(str(is_ready), "the Ready condition of the pod")
            eventually(status, noticed, within=Judged.READINESS_NOTICED)

    return make


def relabelled(index, **labels):
    """Give one of the check's own pods other labels, or those that it had at first."""

    def make(scene):
        workload = scene.kept["pods"]
        workload.pods[index].relabel(**(labels or workload.labels))

    return make


def deleted(index):
    """Delete one of the check's own pods, with the grace period of its spec."""
    return lambda scene: scene.kept["pods"].pods[index].delete()


ROWS = (
    Field(
        id="pod_readiness_lost_and_gained",
        path="Pod status.conditions Ready",
        when="one of a live Service's pods, then the other, stops being ready, and is ready again",
        selects="own",
        pods={"count": 2, "readiness": True},
        edits=(readiness(0, False), readiness(0, True), readiness(1, False)),
        because="An endpoint that is not ready gets no new connections while another is, and gets them when it is.",
        claim={"spec": ENDPOINT_SLICES + "#conditions"},
        faults=ignored("endpoints", *ANYWHERE),
        flows=True,
    ),
    Field(
        id="pod_labels_edited",
        path="Pod metadata.labels",
        when="one of a live Service's pods, then the other, loses the label that the Service selects, and gets it back",
        selects="own",
        pods={"count": 2},
        edits=(
            relabelled(0, app="elsewhere"),
            relabelled(0),
            relabelled(1, app="elsewhere"),
        ),
        because=IN_STEP,
        faults=ignored("endpoints", *ANYWHERE),
        flows=True,
    ),
    Field(
        id="pods_deleted",
        path="Pod metadata.deletionTimestamp",
        when="a live Service's pods are deleted one by one, and serve on in their grace period",
        selects="own",
        pods={"count": 2, "linger": True, "grace": 30},
        edits=(deleted(0), deleted(1)),
        because="Endpoints that are terminating get new connections only where no other is left, if they still serve.",
        claim={
            "spec": VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
            "requires": {Feature.TERMINATING_ENDPOINTS},
            "kep": 1669,
            "since": "1.28",
        },
        faults=ignored("endpoints"),
    ),
    Field(
        id="publishing_of_unready_pods_edited",
        path="Service spec.publishNotReadyAddresses",
        when="a live Service, one of whose pods is not ready, begins to publish such pods and ends it",
        selects="own",
        pods={"count": 2, "readiness": True},
        arrange=readiness(0, False),
        edits=(spec(publishNotReadyAddresses=True), spec(publishNotReadyAddresses=False)),
        because="With publishNotReadyAddresses it is disregarded that an endpoint is not ready.",
        claim={"spec": SERVICE_API + "#ServiceSpec"},
        faults=ignored("endpoints", "cluster_ip", "node_port"),
    ),
)
