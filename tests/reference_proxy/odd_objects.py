"""Objects of the API that are odd, but legal: each tuple is all there is in a cluster."""

from svcproof.json_objects import Object
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State
from svcproof.reference_proxy.store import Store
from svcproof.reference_proxy.watch import Listed
from tests.reference_proxy.bench import NODE


def state_of(objects: tuple[Object, ...], stages: Stages) -> State:
    """Read the objects as these stages do."""
    store = Store(NODE.name, stages.service, stages.endpoint_slice)
    for resource in store.resources:
        kind = resource.path.rpartition("/")[2]
        store.take(Listed(resource, [item for item in objects if KINDS[item["kind"]] == kind]))
    state = store.state()
    assert state
    return state


KINDS = {"Service": "services", "EndpointSlice": "endpointslices", "Node": "nodes"}


def service(**spec: object) -> Object:
    ports = [{"port": 80, "protocol": "TCP"}]
    return {
        "kind": "Service",
        "metadata": {"namespace": "shop", "name": "web"},
        "spec": {"clusterIP": "10.96.0.10", "clusterIPs": ["10.96.0.10"], "ports": ports, **spec},
    }


def endpoint_slice(*endpoints: Object, name: str = "web-1", **changes: object) -> Object:
    return {
        "kind": "EndpointSlice",
        "metadata": {"namespace": "shop", "name": name, "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "IPv4",
        "ports": [{"port": 8080, "protocol": "TCP"}],
        "endpoints": list(endpoints),
        **changes,
    }


HERE = {"addresses": ["10.244.0.10"], "conditions": {"ready": True}, "nodeName": NODE.name}
NAMES = {"addresses": ["web.example.com"], "conditions": {"ready": True}}
IN_STATUS = {"status": {"loadBalancer": {"ingress": [{"hostname": "lb.example.com"}]}}}
SPOKEN = [{"port": 80, "protocol": "TCP", "appProtocol": "kubernetes.io/h2c"}]
ODD_OBJECTS: tuple[tuple[Object, ...], ...] = (
    (service(ports=SPOKEN), endpoint_slice(HERE)),
    (service(), endpoint_slice({"addresses": ["10.244.0.10"], "nodeName": NODE.name})),
    (service(), endpoint_slice({"addresses": ["10.244.0.10"], "conditions": {"ready": True}})),
    (service(), endpoint_slice(HERE), endpoint_slice(HERE, name="web-2", ports=[])),
    (service(), endpoint_slice(HERE), endpoint_slice(NAMES, name="web-2", addressType="FQDN")),
    (service(), endpoint_slice(HERE), endpoint_slice({"addresses": ["2001:db8::1"]}, name="web-2", addressType="IPv6")),
    ({**service(type="LoadBalancer"), **IN_STATUS}, endpoint_slice(HERE)),
    (service(clusterIP="None", clusterIPs=["None"]), endpoint_slice(HERE)),
    (service(), endpoint_slice(HERE, name="by-hand-1")),
    (service(type="LoadBalancer", loadBalancerSourceRanges=[" 172.30.0.0/24"]), endpoint_slice(HERE)),
    (service(type="LoadBalancer", loadBalancerSourceRanges=["172.30.0.0/24", "172.30.0.0/16"]), endpoint_slice(HERE)),
)
