"""Pods: defaults, validation, binding, status, deletion."""

from tests.goldens.step import delete, get, patch, post

ALL = "/api/v1/namespaces/NS/pods"


def pod(name, **spec):
    containers = [{"name": "main", "image": "nginx"}]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": containers, **spec}}


def container(**more):
    return {"containers": [{"name": "main", "image": "nginx:1.27", **more}]}


BIND = {
    "apiVersion": "v1",
    "kind": "Binding",
    "metadata": {"name": "plain"},
    "target": {"kind": "Node", "name": "node-a"},
}
RUNNING = {
    "status": {
        "phase": "Running",
        "podIP": "10.244.1.5",
        "podIPs": [{"ip": "10.244.1.5"}],
        "conditions": [{"type": "Ready", "status": "True"}],
        "containerStatuses": [
            {
                "name": "main",
                "image": "nginx",
                "imageID": "",
                "ready": True,
                "restartCount": 0,
                "state": {"running": {"startedAt": "2024-01-01T00:00:00Z"}},
            }
        ],
    }
}
STEPS = (
    post("plain", ALL, pod("plain")),
    post(
        "full",
        ALL,
        pod(
            "full",
            hostNetwork=True,
            volumes=[
                {"name": "config", "configMap": {"name": "c"}},
                {"name": "scratch"},
                {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
                {"name": "down", "downwardAPI": {"items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.name"}}]}},
                {"name": "host", "hostPath": {"path": "/tmp"}},
                {"name": "secret", "secret": {"secretName": "s"}},
            ],
            initContainers=[{"name": "first", "image": "busybox:1.36", "command": ["true"]}],
            containers=[
                {
                    "name": "main",
                    "image": "registry.example.com:5000/nginx",
                    "ports": [{"containerPort": 80, "name": "http"}],
                    "env": [{"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
                    "readinessProbe": {"httpGet": {"port": "http"}},
                    "livenessProbe": {"tcpSocket": {"port": 80}},
                    "resources": {"limits": {"cpu": "0.5", "memory": "1024Ki"}},
                    "volumeMounts": [{"name": "config", "mountPath": "/etc/config"}],
                }
            ],
        ),
    ),
    post("zero grace", ALL, pod("quick", terminationGracePeriodSeconds=0, automountServiceAccountToken=False)),
    post("generated name", ALL, {**pod(""), "metadata": {"generateName": "generated-"}}),
    post("no containers", ALL, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "none"}, "spec": {}}),
    post("no image", ALL, pod("bad", containers=[{"name": "main"}])),
    post(
        "same container twice", ALL, pod("bad", containers=[{"name": "a", "image": "x"}, {"name": "a", "image": "y"}])
    ),
    post(
        "bad port", ALL, pod("bad", **container(ports=[{"containerPort": 99999}, {"containerPort": 1, "name": "UP"}]))
    ),
    post("unknown volume", ALL, pod("bad", **container(volumeMounts=[{"name": "nope", "mountPath": "/x"}]))),
    post("bad restart policy", ALL, pod("bad", restartPolicy="Sometimes")),
    post("probe without handler", ALL, pod("bad", **container(readinessProbe={"periodSeconds": 3}))),
    post("bad labels", ALL, {**pod("bad"), "metadata": {"name": "bad", "labels": {"a b": "c", "ok": "not ok"}}}),
    patch(
        "change image",
        f"{ALL}/plain",
        "strategic-merge",
        {"spec": {"containers": [{"name": "main", "image": "nginx:2"}]}},
    ),
    patch(
        "change command",
        f"{ALL}/plain",
        "strategic-merge",
        {"spec": {"containers": [{"name": "main", "command": ["x"]}]}},
    ),
    post("bind", f"{ALL}/plain/binding", BIND),
    post("bind again", f"{ALL}/plain/binding", BIND),
    get("bound", f"{ALL}/plain"),
    patch("status", f"{ALL}/plain/status", "strategic-merge", RUNNING),
    patch("status through the pod", f"{ALL}/plain", "merge", {"status": {"phase": "Failed"}}),
    get("on node", f"{ALL}?fieldSelector=spec.nodeName=node-a"),
    get("pending", f"{ALL}?fieldSelector=status.phase!=Running,spec.hostNetwork=false"),
    get("bad selector", f"{ALL}?fieldSelector=spec.color=red"),
    delete("delete with grace", f"{ALL}/plain"),
    delete("delete with grace again", f"{ALL}/plain"),
    get("terminating", f"{ALL}/plain"),
    delete("delete now", f"{ALL}/plain?gracePeriodSeconds=0"),
    get("gone", f"{ALL}/plain"),
    delete("delete unscheduled", f"{ALL}/full", {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 5}),
    delete("delete with zero grace", f"{ALL}/quick"),
    delete("delete with other uid", f"{ALL}/missing", {"preconditions": {"uid": "x"}}),
    post("evicted", ALL, pod("evicted")),
    post(
        "evict",
        f"{ALL}/evicted/eviction",
        {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "evicted", "namespace": "NS"}},
    ),
    delete("delete all", ALL),
)
