"""Watches: the changes, and how they begin."""

from tests.goldens.step import delete, get, patch, post

ALL = "/api/v1/namespaces/NS/services"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices"
WATCH_LIST = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"


def service(name, **labels):
    spec = {"ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "labels": labels}, "spec": spec}


def label(name, **labels):
    return patch(f"label {name} {labels}", f"{ALL}/{name}", "merge", {"metadata": {"labels": labels}})


TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}
PROTOBUF = {"Accept": "application/json,application/vnd.kubernetes.protobuf"}
STEPS = (
    post("first", ALL, service("first", tier="web")),
    get("list", ALL, take={"version": "metadata.resourceVersion"}),
    get("watch list", f"{ALL}?{WATCH_LIST}", lines=3, before=2, during=(post("second", ALL, service("second")),)),
    get(
        "watch list of a selector",
        f"{ALL}?{WATCH_LIST}&labelSelector=tier%3Dweb&fieldSelector=spec.clusterIP!%3DNone&timeoutSeconds=300",
        headers=PROTOBUF,
        lines=2,
    ),
    get("watch list of slices", f"{SLICES}?{WATCH_LIST}&labelSelector=!kubernetes.io/headless", lines=1),
    get("watch list as table", f"{ALL}?{WATCH_LIST}", headers=TABLE, lines=3),
    get(
        "from a version",
        f"{ALL}?watch=true&resourceVersion={{{{version}}}}",
        lines=4,
        before=1,
        during=(label("first", a="b"), delete("delete second", f"{ALL}/second"), post("third", ALL, service("third"))),
    ),
    get("from zero", f"{ALL}?watch=true&resourceVersion=0", lines=2),
    get(
        "in and out of a selector",
        f"{ALL}?watch=true&labelSelector=tier%3Dweb",
        lines=5,
        before=1,
        during=(
            label("first", tier="db"),
            label("first", tier="web"),
            label("third", tier="web"),
            delete("delete third", f"{ALL}/third"),
        ),
    ),
    get(
        "one object by name as table",
        f"{ALL}?watch=true&fieldSelector=metadata.name%3Dfirst&resourceVersion=0",
        headers=TABLE,
        lines=2,
        before=1,
        during=(label("first", c="d"),),
    ),
    get("one object by path", f"{ALL}/first?watch=true", lines=1),
    get("initial events without match", f"{ALL}?watch=true&sendInitialEvents=true"),
    get("match without initial events", f"{ALL}?watch=true&resourceVersionMatch=NotOlderThan"),
    get("bad version", f"{ALL}?watch=true&resourceVersion=x"),
)
