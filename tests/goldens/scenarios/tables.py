"""What `kubectl get` shows."""

from tests.goldens.scenarios.pods import BIND, RUNNING, pod
from tests.goldens.scenarios.services import service
from tests.goldens.scenarios.slices import EVENT, endpoint, endpoint_slice
from tests.goldens.scenarios.workloads import workload
from tests.goldens.step import get, patch, post

CORE = "/api/v1/namespaces/NS"
APPS = "/apis/apps/v1/namespaces/NS"
TABLE = {
    "Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,"
    "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"
}
SLICES = "/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices"


def table(name, path):
    return get(f"table of {name}", path, headers=TABLE)


WAITING = {
    "status": {
        "phase": "Pending",
        "containerStatuses": [
            {
                "name": "main",
                "image": "nginx",
                "imageID": "",
                "ready": False,
                "restartCount": 3,
                "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            }
        ],
    }
}
STEPS = (
    post("pod", f"{CORE}/pods", pod("plain", terminationGracePeriodSeconds=7)),
    post("waiting pod", f"{CORE}/pods", pod("waiting")),
    post("bind", f"{CORE}/pods/plain/binding", BIND),
    patch("run", f"{CORE}/pods/plain/status", "strategic-merge", RUNNING),
    patch("wait", f"{CORE}/pods/waiting/status", "strategic-merge", WAITING),
    table("pods", f"{CORE}/pods"),
    post("cluster ip", f"{CORE}/services", service("a", ports=[{"port": 80}], selector={"app": "a"})),
    post("node port", f"{CORE}/services", service("b", ports=[{"port": 53, "protocol": "UDP"}], type="NodePort")),
    post("load balancer", f"{CORE}/services", service("c", ports=[{"port": 80}], type="LoadBalancer")),
    post("external name", f"{CORE}/services", service("d", type="ExternalName", externalName="example.com")),
    post("headless", f"{CORE}/services", service("e", clusterIP="None", externalIPs=["198.51.100.8"])),
    table("services", f"{CORE}/services"),
    patch(
        "assign",
        f"{CORE}/services/c/status",
        "merge",
        {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.8"}, {"hostname": "lb.example.com"}]}}},
    ),
    table("load balancer", f"{CORE}/services/c"),
    post("deployment", f"{APPS}/deployments", workload("Deployment", "web", replicas=2)),
    post("replica set", f"{APPS}/replicasets", workload("ReplicaSet", "rs")),
    post("daemon set", f"{APPS}/daemonsets", workload("DaemonSet", "ds")),
    post("stateful set", f"{APPS}/statefulsets", workload("StatefulSet", "sts")),
    table("deployments", f"{APPS}/deployments"),
    table("replica sets", f"{APPS}/replicasets"),
    table("daemon sets", f"{APPS}/daemonsets"),
    table("stateful sets", f"{APPS}/statefulsets"),
    post(
        "slice",
        SLICES,
        endpoint_slice(
            "s",
            endpoints=[endpoint(f"10.244.1.{n}") for n in range(2, 7)],
            ports=[{"port": 80, "name": "a"}, {"port": 81}],
        ),
    ),
    post("empty slice", SLICES, endpoint_slice("t")),
    table("slices", SLICES),
    post("event", "/apis/events.k8s.io/v1/namespaces/NS/events", EVENT),
    table("events", f"{CORE}/events"),
    table("service accounts", f"{CORE}/serviceaccounts"),
    post(
        "secret",
        f"{CORE}/secrets",
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "Yg=="}},
    ),
    table("secrets", f"{CORE}/secrets"),
    table("leases", "/apis/coordination.k8s.io/v1/namespaces/NS/leases"),
    table("service ranges", "/apis/networking.k8s.io/v1/servicecidrs"),
    table("ingresses", "/apis/networking.k8s.io/v1/namespaces/NS/ingresses"),
    table("network policies", "/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies"),
    table("config maps", f"{CORE}/configmaps?fieldSelector=metadata.name=x"),
    table("endpoints", f"{CORE}/endpoints"),
    table("jobs", "/apis/batch/v1/namespaces/NS/jobs"),
    table("roles", "/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles"),
)
