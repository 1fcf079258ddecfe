"""The readiness of pods as the kubelet reports it, on which endpoints depend."""

from svcproof import KUBELET, MUST, Judged, answered, answered_by, behaviours, consistently, equals, eventually

from ..clauses import POD_LIFE

CONDITION = "the Ready condition of the pod"
behaviour = behaviours(by=KUBELET, level=MUST, spec=POD_LIFE + "#types-of-probe")


def ready(pod):
    """The status of a Pod's Ready condition."""
    conditions = pod.object["status"].get("conditions", ())
    return next((condition["status"] for condition in conditions if condition["type"] == "Ready"), "")


@behaviour(
    because="Until its initial delay is over a readiness probe counts as failed, and a pod is ready once it succeeds.",
    fails_under={"kubelet/reports-ready-at-once"},
)
def test_pod_is_not_ready_before_its_readiness_probe_succeeds(workbench):
    """A pod that runs is not ready until its readiness probe succeeds, and is then."""
    pod = workbench.pods(readiness=True, ready=False).pods[0]

    consistently(lambda: ready(pod), equals("False", CONDITION), lasting=1.5)
    pod.vantage.ready(True)
    eventually(lambda: ready(pod), equals("True", CONDITION), within=Judged.READINESS_NOTICED)


@behaviour(
    because="A readiness probe shows whether a container is ready for requests, so that a pod where it fails is not.",
    fails_under={"kubelet/readiness-sticks"},
)
def test_pod_whose_readiness_probe_fails_is_no_longer_ready(workbench):
    """A ready pod stops being ready when its readiness probe begins to fail."""
    pod = workbench.pods(readiness=True).pods[0]

    pod.vantage.ready(False)
    eventually(lambda: ready(pod), equals("False", CONDITION), within=Judged.READINESS_NOTICED)


@behaviour(
    because="A process is killed only when the grace period has expired after the signal that asks it to end.",
    spec=POD_LIFE + "#pod-termination",
    fails_under={"kubelet/ignores-termination-grace"},
)
def test_pod_being_deleted_may_serve_until_its_grace_period_ends(workbench, client):
    """A pod being deleted that goes on after SIGTERM is left alone for terminationGracePeriodSeconds."""
    pod = workbench.pods(linger=True, grace=30).pods[0]
    eventually(lambda: client.tcp(pod.at(8080)), answered)

    pod.delete()
    consistently(lambda: client.tcp(pod.at(8080)), answered_by({pod.name}), lasting=1.5)

    assert pod.object["metadata"]["deletionTimestamp"], "the pod is being deleted"
