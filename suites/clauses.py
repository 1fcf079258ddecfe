"""Base addresses of the texts that behaviours cite; a check adds the anchor of its clause."""

DOCS = "https://kubernetes.io/docs"
SERVICE = f"{DOCS}/concepts/services-networking/service/"
VIRTUAL_IPS = f"{DOCS}/reference/networking/virtual-ips/"
DNS_PODS = f"{DOCS}/concepts/services-networking/dns-pod-service/"
DNS_SPEC = "https://github.com/kubernetes/dns/blob/master/docs/specification.md"
ENDPOINT_SLICES = f"{DOCS}/concepts/services-networking/endpoint-slices/"
DUAL_STACK = f"{DOCS}/concepts/services-networking/dual-stack/"
SAFEGUARDS = f"{DOCS}/concepts/services-networking/topology-aware-routing/#safeguards"
TRAFFIC_POLICY = f"{DOCS}/concepts/services-networking/service-traffic-policy/"
SOURCE_IP = f"{DOCS}/tutorials/services/source-ip/"
TERMINATION = f"{DOCS}/tutorials/services/pods-and-endpoint-termination-flow/"
SERVICE_API = f"{DOCS}/reference/kubernetes-api/service-resources/service-v1/"
SLICE_API = f"{DOCS}/reference/kubernetes-api/service-resources/endpoint-slice-v1/"
POD_API = f"{DOCS}/reference/kubernetes-api/workload-resources/pod-v1/"
POD_LIFE = f"{DOCS}/concepts/workloads/pods/pod-lifecycle/"
SIDECARS = f"{DOCS}/concepts/workloads/pods/sidecar-containers/"
CONTAINERS = f"{DOCS}/concepts/containers/container-environment/"
API_FROM_PODS = f"{DOCS}/tasks/run-application/access-api-from-pod/"
HOSTS_FILE = f"{DOCS}/tasks/network/customize-hosts-file-for-pods/"
LABELS = f"{DOCS}/reference/labels-annotations-taints/"
METALLB = "https://metallb.io/usage/"
METALLB_L2 = "https://metallb.io/concepts/layer2/"
KEP = "https://github.com/kubernetes/enhancements/tree/master/keps/sig-network"
SERVICE_PROXY = "https://github.com/kubernetes/kubernetes/blob/master/docs/dev/sig-network/service-proxy.md"
POD_PORTS = POD_API + "#ports"
EVENLY = (
    "Under policy Cluster, the default, traffic is routed to all endpoints evenly, unless the topology or a feature "
    "that the Service asks for has a say."
)
TOLD_OTHERWISE = (
    "One whose administrator has told it to choose by the client's address alone, as an IPVS scheduler does: it "
    "documents that as a deviation."
)
ENDPOINTS_OF_NOW = (
    "When the endpoints of a UDP Service change, what is remembered of flows must go, so that new packets are not "
    "matched to what is stale."
)
