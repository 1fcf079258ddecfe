"""A small cluster, as the API has it: Services of every kind, and their EndpointSlices."""

from typing import Any

Object = dict[str, Any]
Key = tuple[str, str]


def service(name: str, namespace: str = "shop", **spec: Any) -> tuple[Key, Object]:
    status = spec.pop("status", {})
    return (namespace, name), {"metadata": {"name": name, "namespace": namespace}, "spec": spec, "status": status}


def endpoint(address: str, ready: bool | None = True, **fields: Any) -> Object:
    return {"addresses": [address], "conditions": {"ready": ready, "serving": ready}, **fields}


HTTP = {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}
SERVICES = dict(
    (
        service("web", clusterIP="10.96.0.50", clusterIPs=["10.96.0.50"], ports=[HTTP]),
        service("plain", clusterIP="10.96.0.51", ports=[{"port": 80, "protocol": "TCP"}]),
        service("names", clusterIP="10.96.0.52", ports=[HTTP, HTTP | {"name": "dns", "port": 53, "protocol": "UDP"}]),
        service("dual", clusterIP="10.96.0.53", clusterIPs=["10.96.0.53", "fd00:10:96::53"], ports=[HTTP]),
        service(
            "balanced",
            type="LoadBalancer",
            clusterIP="10.96.0.54",
            ports=[HTTP],
            status={"loadBalancer": {"ingress": [{"ip": "172.30.0.200"}]}},
        ),
        service("peers", clusterIP="None", ports=[HTTP]),
        service("eager", clusterIP="None", ports=[HTTP], publishNotReadyAddresses=True),
        service("empty", clusterIP="None", ports=[HTTP]),
        service("elsewhere", type="ExternalName", externalName="www.example.com"),
        service("digits", type="ExternalName", externalName="198.51.100.7"),
        service("alias", type="ExternalName", externalName="web.shop.svc.cluster.local."),
        service("former", type="ClusterIP", clusterIP="10.96.0.55", externalName="www.example.com", ports=[HTTP]),
        service("loop", type="ExternalName", externalName="loop.shop.svc.cluster.local"),
    )
)
PORTS = [{"name": "http", "port": 8080, "protocol": "TCP"}, {"name": "", "port": 8081, "protocol": "TCP"}]
SLICES = {
    ("shop", "peers"): [
        endpoint("10.244.1.5", hostname="first"),
        endpoint("10.244.1.6", None),
        endpoint("10.244.1.7", False, hostname="sick"),
    ],
    ("shop", "eager"): [endpoint("10.244.1.7", False, hostname="sick")],
    ("shop", "empty"): [endpoint("10.244.1.7", False)],
}


def slices_of(key: Key) -> list[Object]:
    return [{"addressType": "IPv4", "endpoints": SLICES.get(key, []), "ports": PORTS}]
