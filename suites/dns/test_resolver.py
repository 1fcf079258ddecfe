"""The settings of a pod's resolver, by which short names work."""

from svcproof import DNS, KUBELET, MUST, SHOULD, Capability, behaviours, control, eventually, resolves

from ..clauses import DNS_PODS
from ..families import record

POLICY = DNS_PODS + "#pod-s-dns-policy"
behaviour = behaviours(by=KUBELET, level=MUST, spec=DNS_PODS, requires={Capability.CLUSTER_DNS})


def has_succeeded(command):
    """The command succeeds in the pod."""
    return command.code == 0


@behaviour(
    because="The search list has the pod's namespace, where a bare name is looked for, and the cluster's domain.",
    fails_under={"kubelet/resolv-without-search", "kubelet/search-of-default-namespace"},
    kep=504,
)
def test_pod_searches_its_namespace_then_all_services_then_the_domain(client, namespace, cluster):
    """A pod's resolv.conf searches NAMESPACE.svc.DOMAIN, svc.DOMAIN and DOMAIN, in this order."""
    domain = cluster.spec.dns_domain
    own = (f"{namespace}.svc.{domain}", f"svc.{domain}", domain)

    environment = client.environment()

    assert tuple(name for name in environment.search if name in own) == own, (
        "resolv.conf searches the cluster's domains in this order"
    )


@behaviour(
    because="With policy None all DNS settings are those of dnsConfig.",
    spec=POLICY,
    fails_under={"kubelet/dns-policy-ignored"},
    kep=504,
    since="1.14",
)
def test_pod_with_its_own_dns_settings_gets_them(workbench):
    """A pod with dnsPolicy None has in resolv.conf what its dnsConfig says, and nothing else."""
    config = {
        "nameservers": ["198.51.100.53"],
        "searches": ["corp.example.com"],
        "options": [{"name": "timeout", "value": "1"}],
    }

    pod = workbench.pods(extra={"dnsPolicy": "None", "dnsConfig": config}).pods[0]

    environment = pod.vantage.environment()
    assert (environment.nameservers, environment.search) == (("198.51.100.53",), ("corp.example.com",)), (
        "resolv.conf has these servers and domains"
    )
    assert environment.options == {"timeout:1"}, "resolv.conf has the options"


@behaviour(
    because="Kubelets tell containers to resolve names by the cluster's DNS Service.",
    otherwise="A kubelet that names a cache on its node, which has to answer as the Service would.",
    fails_under={"kubelet/wrong-nameserver"},
    kep=504,
)
def test_pod_asks_the_cluster_dns_service(kube, client, cluster):
    """The name servers in a pod's resolv.conf are the cluster's DNS Service, or know its Services like that."""
    service = kube.get("Service", "kube-dns", "kube-system")["spec"]["clusterIP"]
    known = kube.get("Service", "kubernetes", "default")["spec"]["clusterIP"]

    environment = client.environment()

    assert environment.nameservers, "resolv.conf names a DNS server"
    for cache in (server for server in environment.nameservers if server != service):
        answer = client.dns(f"kubernetes.default.svc.{cluster.spec.dns_domain}", record(known), server=cache)
        assert answer.records == {known}


@behaviour(
    because="The resolv.conf that the documentation shows has this option, which no sentence requires.",
    otherwise="A kubelet that is configured for fewer dots: names with more of them are then tried as they are, first.",
    spec=DNS_PODS + "#pod-dns-config",
    level=SHOULD,
    fails_under={"kubelet/resolv-without-ndots"},
    kep=504,
)
def test_pod_tries_the_search_list_for_names_with_dots(client):
    """A pod's resolv.conf says ndots:5, so that `svc.ns` is looked for in the cluster first."""
    environment = client.environment()

    assert "ndots:5" in environment.options, "resolv.conf has the option"


@behaviour(
    because="A pod finds a Service of its namespace by name alone, and one of another by name and namespace.",
    by=DNS,
    requires={Capability.EXEC},
    fails_under={"dns/wrong-cluster-ip"},
)
def test_short_names_resolve_in_a_pod(echo, workbench, kube, client):
    """A container resolves SERVICE, SERVICE.NAMESPACE and SERVICE.NAMESPACE.svc by its own resolver."""
    service = echo.service()
    server = client.environment().nameservers[0]
    with control("the proxy leads pods to the DNS server"):
        eventually(lambda: client.dns(service.dns_name, server=server), resolves)
    pod = workbench.pods().pods[0]
    names = [service.name, f"{service.name}.{service.namespace}", f"{service.name}.{service.namespace}.svc"]
    script = f"import socket; print(*[socket.getaddrinfo(name, 80)[0][4][0] for name in {names!r}])"

    result = eventually(lambda: kube.exec(pod.name, pod.namespace, ["python3", "-c", script]), has_succeeded)

    assert result.stdout.decode().split() == [service.cluster_ip] * 3, (
        "each of the three names resolves to the ClusterIP"
    )
