"""Deployments and the kinds that controllers own."""

from tests.goldens.step import delete, get, patch, post, put

APPS = "/apis/apps/v1/namespaces/NS"
ALL = f"{APPS}/deployments"
WEB = f"{ALL}/web"


def template(labels):
    return {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main", "image": "nginx:1.27"}]}}


def workload(kind, name, labels=None, **spec):
    labels = labels or {"app": name}
    content = {"selector": {"matchLabels": {"app": name}}, "template": template(labels), **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": content}


STEPS = (
    post("deployment", ALL, workload("Deployment", "web")),
    post("half a strategy", ALL, workload("Deployment", "half", strategy={"type": "RollingUpdate"})),
    post("recreate", ALL, workload("Deployment", "recreate", strategy={"type": "Recreate"}, replicas=0)),
    post("selector misses template", ALL, workload("Deployment", "miss", {"app": "other"})),
    post("no selector", ALL, workload("Deployment", "none", selector=None)),
    post("negative replicas", ALL, workload("Deployment", "minus", replicas=-1)),
    post("bad strategy", ALL, workload("Deployment", "odd", strategy={"type": "Odd"})),
    post("replica set", f"{APPS}/replicasets", workload("ReplicaSet", "rs", replicas=2)),
    post("daemon set", f"{APPS}/daemonsets", workload("DaemonSet", "ds")),
    post("stateful set", f"{APPS}/statefulsets", workload("StatefulSet", "sts", serviceName="sts")),
    get("scale", f"{WEB}/scale"),
    patch("scale up", f"{WEB}/scale", "merge", {"spec": {"replicas": 3}}),
    put(
        "scale to zero",
        f"{WEB}/scale",
        {
            "apiVersion": "autoscaling/v1",
            "kind": "Scale",
            "metadata": {"name": "web", "namespace": "NS"},
            "spec": {"replicas": 0},
        },
    ),
    get("scaled", WEB),
    patch("change selector", WEB, "merge", {"spec": {"selector": {"matchLabels": {"app": "x"}}}}),
    patch("change label only", WEB, "merge", {"metadata": {"labels": {"a": "b"}}}),
    patch("no change", WEB, "merge", {"metadata": {"labels": {"a": "b"}}}),
    patch(
        "restart",
        WEB,
        "strategic-merge",
        {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}}}}},
    ),
    patch("status", f"{WEB}/status", "merge", {"status": {"replicas": 3, "readyReplicas": 2, "observedGeneration": 1}}),
    delete("delete", WEB),
    delete(
        "delete in foreground",
        f"{ALL}/half",
        {"propagationPolicy": "Foreground", "apiVersion": "v1", "kind": "DeleteOptions"},
    ),
    get("waits for its dependents", f"{ALL}/half"),
)
