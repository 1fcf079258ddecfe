"""Patches of each kind, dry runs, conflicts and strictness."""

from tests.goldens.step import delete, get, patch, post, put

ALL = "/api/v1/namespaces/NS/services"
WEB = f"{ALL}/web"
APPS = "/apis/apps/v1/namespaces/NS/deployments"
SPEC = {"ports": [{"name": "a", "port": 80}, {"name": "b", "port": 81}], "selector": {"app": "web"}}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": SPEC}
CONTAINERS = [{"name": "one", "image": "x:1", "env": [{"name": "A", "value": "1"}]}, {"name": "two", "image": "y:1"}]
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "app", "finalizers": ["example.com/hold"]},
    "spec": {
        "selector": {"matchLabels": {"app": "app"}},
        "template": {"metadata": {"labels": {"app": "app"}}, "spec": {"containers": CONTAINERS}},
    },
}


def in_template(**spec):
    return {"spec": {"template": {"spec": spec}}}


APPLIED = """
apiVersion: v1
kind: Service
metadata: {name: applied, labels: {a: b}}
spec: {ports: [{port: 80, name: web}], selector: {app: x}}
"""
APPLIED_MORE = """
apiVersion: v1
kind: Service
metadata: {name: applied}
spec: {ports: [{port: 443, name: tls}]}
"""
APPLIED_LESS = """
apiVersion: v1
kind: Service
metadata: {name: applied}
spec: {ports: [{port: 8080, name: web}]}
"""
STRICT = "fieldValidation=Strict"
EXTRA = {
    **SERVICE,
    "metadata": {"name": "extra"},
    "spec": {**SPEC, "colour": "red", "ports": [{"port": 80, "shape": "round"}]},
}
STEPS = (
    post("create", ALL, SERVICE),
    patch("json", WEB, "json", [{"op": "replace", "path": "/spec/ports/0/port", "value": 8080}]),
    patch("json add", WEB, "json", [{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]),
    patch("json test fails", WEB, "json", [{"op": "test", "path": "/spec/type", "value": "NodePort"}]),
    patch("json missing path", WEB, "json", [{"op": "remove", "path": "/spec/nothing"}]),
    patch("json malformed", WEB, "json", {"spec": {}}),
    patch("merge", WEB, "merge", {"metadata": {"labels": {"x": None, "z": "1"}}}),
    patch("strategic", WEB, "strategic-merge", {"spec": {"ports": [{"port": 81, "targetPort": 9000}]}}),
    patch(
        "strategic order",
        WEB,
        "strategic-merge",
        {
            "spec": {
                "$setElementOrder/ports": [{"port": 81}, {"port": 8080}],
                "ports": [{"port": 8080, "targetPort": 1}],
            }
        },
    ),
    patch("strategic replace", WEB, "strategic-merge", {"spec": {"selector": {"$patch": "replace", "only": "this"}}}),
    patch("unknown patch", WEB, "odd", {}),
    patch("patch of nothing", f"{ALL}/nothing", "merge", {}),
    patch("patch with stale version", WEB, "merge", {"metadata": {"resourceVersion": "1", "labels": {"q": "r"}}}),
    patch("dry run", f"{WEB}?dryRun=All", "merge", {"metadata": {"labels": {"dry": "run"}}}),
    get("after the dry run", WEB),
    post("dry run create", f"{ALL}?dryRun=All", {**SERVICE, "metadata": {"name": "dry"}}),
    get("nothing was created", f"{ALL}/dry"),
    post("bad dry run", f"{ALL}?dryRun=Some", {**SERVICE, "metadata": {"name": "dry"}}),
    delete("dry run delete", f"{WEB}?dryRun=All"),
    patch("apply", f"{ALL}/applied?fieldManager=me", "apply", APPLIED),
    patch("apply again", f"{ALL}/applied?fieldManager=me", "apply", APPLIED),
    patch("apply more", f"{ALL}/applied?fieldManager=you", "apply", APPLIED_MORE),
    patch("apply withdraws", f"{ALL}/applied?fieldManager=me", "apply", APPLIED_LESS),
    patch("apply without manager", f"{ALL}/applied", "apply", APPLIED),
    post("deployment", APPS, DEPLOYMENT),
    patch(
        "container image", f"{APPS}/app", "strategic-merge", in_template(containers=[{"name": "two", "image": "y:2"}])
    ),
    patch(
        "container variable",
        f"{APPS}/app",
        "strategic-merge",
        in_template(
            containers=[{"name": "one", "env": [{"name": "B", "value": "2"}, {"name": "A", "$patch": "delete"}]}]
        ),
    ),
    patch(
        "container removed",
        f"{APPS}/app",
        "strategic-merge",
        in_template(containers=[{"name": "two", "$patch": "delete"}]),
    ),
    patch(
        "retain keys",
        f"{APPS}/app",
        "strategic-merge",
        {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}},
    ),
    delete("delete with finalizer", f"{APPS}/app"),
    patch("finalizer removed", f"{APPS}/app", "json", [{"op": "remove", "path": "/metadata/finalizers"}]),
    get("then gone", f"{APPS}/app"),
    post("strict", f"{ALL}?{STRICT}", EXTRA),
    post("lenient", ALL, EXTRA),
    post("ignorant", f"{ALL}?fieldValidation=Ignore", {**EXTRA, "metadata": {"name": "extra2"}}),
    patch("strict patch", f"{WEB}?{STRICT}", "merge", {"spec": {"colour": "red"}}),
    post(
        "wrong type of value", ALL, {**SERVICE, "metadata": {"name": "typed"}, "spec": {"ports": [{"port": "eighty"}]}}
    ),
    post("wrong kind", ALL, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}),
    post("wrong version", ALL, {"apiVersion": "v2", "kind": "Service", "metadata": {"name": "x"}}),
    post("other namespace", ALL, {**SERVICE, "metadata": {"name": "x", "namespace": "elsewhere"}}),
    post("malformed", ALL, "{not json"),
    post("unknown media type", ALL, "x", headers={"Content-Type": "text/csv"}),
    post("yaml", ALL, APPLIED.replace("applied", "yaml"), headers={"Content-Type": "application/yaml"}),
    put("create by put", f"{ALL}/put", {**SERVICE, "metadata": {"name": "put"}}),
    post("post to an object", WEB, SERVICE),
    delete("delete collection", ALL),
)
