"""EndpointSlices, ConfigMaps, Secrets and Events."""

from tests.goldens.step import delete, get, patch, post, put

ALL = "/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices"
MAPS = "/api/v1/namespaces/NS/configmaps"
EVENTS = "/apis/events.k8s.io/v1/namespaces/NS/events"


def endpoint_slice(name, **more):
    meta = {"name": name, "labels": {"kubernetes.io/service-name": "web"}}
    head = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": meta}
    return {**head, "addressType": "IPv4", "endpoints": [], "ports": [], **more}


def endpoint(*addresses, **more):
    return {"addresses": list(addresses), **more}


EVENT = {
    "apiVersion": "events.k8s.io/v1",
    "kind": "Event",
    "metadata": {"name": "started", "namespace": "NS"},
    "eventTime": "2024-01-01T00:00:00.000000Z",
    "reportingController": "example.com/x",
    "reportingInstance": "x-1",
    "action": "Starting",
    "reason": "Started",
    "type": "Normal",
    "note": "It has started.",
    "regarding": {"kind": "Node", "name": "node-a", "namespace": "NS"},
}
STEPS = (
    post(
        "slice",
        ALL,
        endpoint_slice(
            "web-1",
            endpoints=[endpoint("10.244.1.5", conditions={"ready": True}, nodeName="node-a"), endpoint("10.244.2.5")],
            ports=[{"port": 80}],
        ),
    ),
    post("empty", ALL, endpoint_slice("web-2")),
    post("bad address", ALL, endpoint_slice("bad", endpoints=[endpoint("10.244.1"), endpoint("127.0.0.1")])),
    post("wrong family", ALL, endpoint_slice("bad", endpoints=[endpoint("2001:db8::1")])),
    post("no address", ALL, endpoint_slice("bad", endpoints=[endpoint()])),
    post("bad type", ALL, endpoint_slice("bad", addressType="IPX")),
    post("no type", ALL, endpoint_slice("bad", addressType="")),
    post("same port name twice", ALL, endpoint_slice("bad", ports=[{"port": 80}, {"port": 81}])),
    post("bad port protocol", ALL, endpoint_slice("bad", ports=[{"port": 80, "protocol": "IPX"}])),
    patch("change type", f"{ALL}/web-1", "merge", {"addressType": "IPv6", "endpoints": []}),
    patch(
        "change endpoints",
        f"{ALL}/web-1",
        "merge",
        {"endpoints": [endpoint("10.244.1.6", conditions={"ready": False})]},
    ),
    get("selected", f"{ALL}?labelSelector=kubernetes.io/service-name%3Dweb"),
    delete("delete slice", f"{ALL}/web-2"),
    post("config map", MAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1"}}),
    post("bad key", MAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}, "data": {"a b": "1"}}),
    put(
        "replace config map",
        f"{MAPS}/c",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "immutable": True},
    ),
    patch("immutable config map", f"{MAPS}/c", "merge", {"data": {"a": "2"}}),
    delete("delete config map", f"{MAPS}/c"),
    post(
        "secret",
        "/api/v1/namespaces/NS/secrets",
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "s"},
            "stringData": {"a": "b"},
            "data": {"c": "ZA=="},
        },
    ),
    post("event", EVENTS, EVENT),
    get("event as core", "/api/v1/namespaces/NS/events/started"),
    get("event selected", "/api/v1/namespaces/NS/events?fieldSelector=involvedObject.name=node-a,reason=Started"),
    patch(
        "event again",
        f"{EVENTS}/started",
        "merge",
        {"series": {"count": 2, "lastObservedTime": "2024-01-01T00:00:01.000000Z"}},
    ),
)
