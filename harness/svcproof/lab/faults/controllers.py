"""Faults of the controllers: what a Service's endpoints can be wrong in before any proxy sees them."""

from svcproof.lab.faults import Fault

SELECTOR_IGNORED = Fault(
    name="controllers/selector-ignored",
    summary="A Service gets every pod of its namespace as endpoint, whatever its selector says, and without one.",
)
UNREADY_ENDPOINTS_READY = Fault(
    name="controllers/unready-endpoints-ready",
    summary="Endpoints of pods that are not ready are published as ready.",
)
ENDPOINTS_NEVER_REMOVED = Fault(
    name="controllers/endpoints-never-removed",
    summary="Endpoints stay in their EndpointSlice when the pod leaves the Service or is gone.",
)
NAMED_PORT_OF_FIRST_POD = Fault(
    name="controllers/named-port-as-number-of-first-pod",
    summary="A named targetPort is resolved once, on the first pod, and that number used for all pods.",
)
EXTERNAL_NAME_GETS_ENDPOINTS = Fault(
    name="controllers/external-name-gets-endpoints",
    summary="An ExternalName Service that has a selector gets EndpointSlices.",
    source="https://github.com/kubernetes/kubernetes/issues/105986",
)
TERMINATING_KEPT_READY = Fault(
    name="controllers/terminating-kept-ready",
    summary="Endpoints of pods being deleted stay ready until the pod is gone.",
)
TARGET_PORT_IGNORED = Fault(
    name="controllers/target-port-ignored",
    summary="Endpoints carry the Service's port instead of its targetPort.",
)
UNDECLARED_PORTS_LEFT_OUT = Fault(
    name="controllers/undeclared-ports-left-out",
    summary="A targetPort that no container declares as containerPort is left out, as if declaring it opened it.",
)
FIRST_PORT_ONLY = Fault(
    name="controllers/first-port-only",
    summary="Only the first port of a Service gets into its EndpointSlices.",
)
NO_NODE_NAMES = Fault(
    name="controllers/no-node-names",
    summary="Endpoints do not say which node they are on.",
)
SIDECAR_PORTS_UNKNOWN = Fault(
    name="controllers/sidecar-ports-unknown",
    summary="A named targetPort is not looked for in restartable init containers.",
    source="https://github.com/kubernetes/kubernetes/issues/119779",
)
NOT_READY_ADDRESSES_WITHHELD = Fault(
    name="controllers/not-ready-addresses-withheld",
    summary="publishNotReadyAddresses is ignored: endpoints of pods that are not ready are not ready.",
)
NO_MIRRORING = Fault(
    name="controllers/no-mirroring",
    summary="Endpoints made by hand are not mirrored to EndpointSlices.",
)
NO_HINTS = Fault(
    name="controllers/no-hints",
    summary="trafficDistribution has no effect: endpoints carry no hints.",
)
NO_HEADLESS_LABEL = Fault(
    name="controllers/no-headless-label",
    summary="EndpointSlices of headless Services lack the label service.kubernetes.io/headless.",
)

NODE_PORT_OUT_OF_RANGE = Fault(
    name="controllers/node-port-out-of-range",
    summary="Node ports that are not asked for by number are taken from below the declared range.",
)
REQUESTED_NODE_PORT_IGNORED = Fault(
    name="controllers/requested-node-port-ignored",
    summary="Whoever asks for a node port by number is given another, also if it is taken or out of range.",
)
NO_NODE_PORT_FOR_LOAD_BALANCER = Fault(
    name="controllers/no-node-port-for-load-balancer",
    summary="A Service of type LoadBalancer gets no node ports.",
)
NODE_PORTS_DESPITE_SETTING = Fault(
    name="controllers/node-ports-despite-setting",
    summary="allocateLoadBalancerNodePorts: false is ignored.",
)
EXTERNAL_NAME_KEEPS_CLUSTER_IP = Fault(
    name="controllers/external-name-keeps-cluster-ip",
    summary="A Service that is made an ExternalName keeps its ClusterIP.",
)
HEADLESS_GETS_CLUSTER_IP = Fault(
    name="controllers/headless-gets-cluster-ip",
    summary='A Service that asks for the ClusterIP "None" gets one all the same.',
)

FAULTS = (
    SELECTOR_IGNORED,
    UNREADY_ENDPOINTS_READY,
    ENDPOINTS_NEVER_REMOVED,
    NAMED_PORT_OF_FIRST_POD,
    EXTERNAL_NAME_GETS_ENDPOINTS,
    TERMINATING_KEPT_READY,
    TARGET_PORT_IGNORED,
    UNDECLARED_PORTS_LEFT_OUT,
    FIRST_PORT_ONLY,
    NO_NODE_NAMES,
    SIDECAR_PORTS_UNKNOWN,
    NOT_READY_ADDRESSES_WITHHELD,
    NO_MIRRORING,
    NO_HINTS,
    NO_HEADLESS_LABEL,
    NODE_PORT_OUT_OF_RANGE,
    REQUESTED_NODE_PORT_IGNORED,
    NO_NODE_PORT_FOR_LOAD_BALANCER,
    NODE_PORTS_DESPITE_SETTING,
    EXTERNAL_NAME_KEEPS_CLUSTER_IP,
    HEADLESS_GETS_CLUSTER_IP,
)
