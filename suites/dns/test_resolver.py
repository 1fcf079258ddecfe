"""What a pod's resolver is told, so that short names work."""

from harness import DNS, KUBELET, MUST, Capability, behaviour, eventually

from ..clauses import DNS_PODS

NEEDS = {Capability.CLUSTER_DNS}
POLICY = DNS_PODS + "#pod-s-dns-policy"


@behaviour(
    spec=DNS_PODS + "#services",
    level=MUST,
    by=KUBELET,
    requires=NEEDS,
    fails_under={"kubelet/resolv-without-search", "kubelet/search-of-default-namespace"},
)
def test_pod_searches_its_namespace_then_all_services_then_the_domain(client, namespace, cluster):
    """A pod's resolv.conf searches NAMESPACE.svc.DOMAIN, svc.DOMAIN and DOMAIN, in this order, before any other."""
    domain = cluster.spec.dns_domain

    found = client.environment()

    assert found.search[:3] == (f"{namespace}.svc.{domain}", f"svc.{domain}", domain)


@behaviour(spec=POLICY, level=MUST, by=KUBELET, requires=NEEDS, fails_under={"kubelet/dns-policy-ignored"})
def test_pod_with_its_own_dns_settings_gets_them(workbench):
    """A pod with dnsPolicy None has in resolv.conf what its dnsConfig says, and nothing else."""
    config = {
        "nameservers": ["198.51.100.53"],
        "searches": ["corp.example.com"],
        "options": [{"name": "timeout", "value": "1"}],
    }

    pod = workbench.pods(extra={"dnsPolicy": "None", "dnsConfig": config}).pods[0]

    found = pod.vantage.environment()
    assert (found.nameservers, found.search) == (("198.51.100.53",), ("corp.example.com",))
    assert found.options == {"timeout:1"}


@behaviour(spec=DNS_PODS, level=MUST, by=KUBELET, requires=NEEDS, fails_under={"kubelet/wrong-nameserver"})
def test_pod_asks_the_cluster_dns_service(kube, client):
    """The name server in a pod's resolv.conf is the ClusterIP of the cluster's DNS Service."""
    service = kube.get("Service", "kube-dns", "kube-system")

    found = client.environment()

    assert found.nameservers == (service["spec"]["clusterIP"],)


@behaviour(
    spec=DNS_PODS + "#services", level=MUST, by=KUBELET, requires=NEEDS, fails_under={"kubelet/resolv-without-ndots"}
)
def test_pod_tries_the_search_list_for_names_with_dots(client):
    """A pod's resolv.conf says ndots:5, so that `svc.ns` is looked for in the cluster first."""
    found = client.environment()

    assert "ndots:5" in found.options


@behaviour(
    spec=DNS_PODS + "#namespaces-of-services",
    level=MUST,
    by=DNS,
    requires=NEEDS | {Capability.EXEC},
    fails_under={"dns/wrong-cluster-ip"},
)
def test_short_names_resolve_in_a_pod(echo, workbench, kube):
    """A container resolves SERVICE, SERVICE.NAMESPACE and SERVICE.NAMESPACE.svc by its own resolver."""
    service = echo.service()
    pod = workbench.pods().pods[0]
    names = [service.name, f"{service.name}.{service.namespace}", f"{service.name}.{service.namespace}.svc"]
    script = f"import socket; print(*[socket.getaddrinfo(name, 80)[0][4][0] for name in {names!r}])"

    found = eventually(
        lambda: kube.exec(pod.name, pod.namespace, ["python3", "-c", script]), lambda ended: ended.code == 0
    )

    assert found.stdout.decode().split() == [service.cluster_ip] * 3
