"""What a pod is told about names: its hostname, /etc/resolv.conf and /etc/hosts.

https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from svcproof.json_objects import Object
from svcproof.lab.faults import kubelet as fault
from svcproof.lab.layout import Layout

LOOPBACK = """\
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
fe00::\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
"""
MANAGED = "# Kubernetes-managed hosts file.\n"
LONGEST_HOSTNAME = 63
RESOLVER_ELSEWHERE = "198.51.100.53"
"""An address of nobody in the lab: what asks there gets no answer."""
Faults = frozenset[str]


def hostname(pod: Object, node: str, faults: Faults) -> str:
    """The name a container calls its host: the pod's, unless it says another or lives on the node's network."""
    if pod["spec"].get("hostNetwork"):
        return node
    name: str = pod["metadata"]["name"]
    if fault.HOSTNAME_IGNORED.name not in faults:
        name = pod["spec"].get("hostname") or name
    return name[:LONGEST_HOSTNAME].rstrip("-.")


def resolv_conf(pod: Object, layout: Layout, faults: Faults) -> str:
    """The resolv.conf of a pod, by its dnsPolicy and dnsConfig."""
    spec = pod["spec"]
    policy = spec.get("dnsPolicy", "ClusterFirst")
    if policy == "ClusterFirst" and spec.get("hostNetwork"):
        policy = "Default"
    if policy == "ClusterFirstWithHostNet" or fault.DNS_POLICY_IGNORED.name in faults:
        policy = "ClusterFirst"
    servers, search, options = _of_policy(policy, pod["metadata"]["namespace"], layout, faults)
    config = spec.get("dnsConfig") or {}
    servers = _once([*servers, *config.get("nameservers", ())])
    search = _once([*search, *config.get("searches", ())])
    options |= {option["name"]: option.get("value") for option in config.get("options", ())}
    lines = [f"nameserver {server}" for server in servers]
    if search:
        lines.insert(0, "search " + " ".join(search))
    if options:
        lines.append(
            "options " + " ".join(name if value is None else f"{name}:{value}" for name, value in options.items())
        )
    return "".join(f"{line}\n" for line in lines)


def hosts(pod: Object, addresses: tuple[str, ...], layout: Layout, faults: Faults) -> str:
    """The /etc/hosts of a pod; one on the node's network has no line of its own."""
    spec = pod["spec"]
    text = MANAGED + LOOPBACK
    if fault.NO_HOSTS_ENTRY.name in faults:
        return text
    if not spec.get("hostNetwork"):
        name = hostname(pod, "", faults)
        full = ""
        if spec.get("subdomain") and fault.HOSTNAME_IGNORED.name not in faults:
            full = f"{name}.{spec['subdomain']}.{pod['metadata']['namespace']}.svc.{layout.dns_domain}\t"
        text += "".join(f"{address}\t{full}{name}\n" for address in addresses)
    if aliases := spec.get("hostAliases"):
        text += "\n# Entries added by HostAliases.\n"
        text += "".join(f"{alias['ip']}\t" + "\t".join(alias.get("hostnames", ())) + "\n" for alias in aliases)
    return text


def _of_policy(
    policy: str, namespace: str, layout: Layout, faults: Faults
) -> tuple[list[str], list[str], dict[str, str | None]]:
    """Servers, search list and options before dnsConfig has its say."""
    if policy == "None":
        return [], [], {}
    if policy == "Default":
        # The nodes' own resolver: they are on a network where nobody answers for other names.
        return list(layout.fabric), [], {}
    zone = layout.dns_domain
    own = "default" if fault.SEARCH_OF_DEFAULT_NAMESPACE.name in faults else namespace
    search = [] if fault.RESOLV_WITHOUT_SEARCH.name in faults else [f"{own}.svc.{zone}", f"svc.{zone}", zone]
    options: dict[str, str | None] = {} if fault.RESOLV_WITHOUT_NDOTS.name in faults else {"ndots": "5"}
    servers = (RESOLVER_ELSEWHERE,) if fault.WRONG_NAMESERVER.name in faults else layout.dns_service
    return list(servers), search, options


def _once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))
