"""Discovery, namespaces, nodes, reviews: what is not in a namespace."""

from tests.goldens.step import delete, get, patch, post, put

AGGREGATED = {
    "Accept": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
}
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}
SPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "NS-space"}}
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "NS-node"}, "spec": {"podCIDR": "10.244.9.0/24"}}
REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
STEPS = (
    get("version", "/version"),
    get("health", "/readyz"),
    get("aggregated core", "/api", headers=AGGREGATED),
    get("aggregated groups", "/apis", headers=AGGREGATED),
    get("legacy core", "/api"),
    get("legacy group", "/apis/discovery.k8s.io"),
    get("legacy core resources", "/api/v1"),
    get("legacy apps resources", "/apis/apps/v1"),
    post("namespace", "/api/v1/namespaces", SPACE),
    get("namespace table", "/api/v1/namespaces/NS-space", headers=TABLE),
    post("bad namespace", "/api/v1/namespaces", {**SPACE, "metadata": {"name": "Bad_Space"}}),
    delete("delete namespace", "/api/v1/namespaces/NS-space"),
    delete("delete namespace again", "/api/v1/namespaces/NS-space"),
    post(
        "create in a terminating namespace",
        "/api/v1/namespaces/NS-space/configmaps",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "late"}},
    ),
    post(
        "create in no namespace",
        "/api/v1/namespaces/nowhere/configmaps",
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "lost"}},
    ),
    put("finalize", "/api/v1/namespaces/NS-space/finalize", {**SPACE, "spec": {"finalizers": []}}),
    get("namespace gone", "/api/v1/namespaces/NS-space"),
    delete("delete default", "/api/v1/namespaces/default"),
    post("node", "/api/v1/nodes", NODE),
    patch(
        "node status",
        "/api/v1/nodes/NS-node/status",
        "strategic-merge",
        {
            "status": {
                "addresses": [{"type": "InternalIP", "address": "172.30.0.99"}],
                "capacity": {"cpu": "2", "memory": "4194304Ki", "pods": "110"},
                "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
            }
        },
    ),
    get("schedulable nodes", "/api/v1/nodes?fieldSelector=spec.unschedulable=false,metadata.name=NS-node"),
    get("node table", "/api/v1/nodes/NS-node", headers=TABLE),
    delete("delete node", "/api/v1/nodes/NS-node"),
    get("kubernetes", "/api/v1/namespaces/default/services/kubernetes"),
    get("kubernetes endpoints", "/api/v1/namespaces/default/endpoints/kubernetes"),
    get("kubernetes slice", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes"),
    get("service ranges", "/apis/networking.k8s.io/v1/servicecidrs/kubernetes"),
    post(
        "may I",
        REVIEW,
        {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {"verb": "get", "resource": "pods"}},
        },
    ),
    get("unauthorised", "/api/v1/nodes", headers={"Authorization": "Bearer wrong"}),
)
