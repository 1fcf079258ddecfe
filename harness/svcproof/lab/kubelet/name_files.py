"""The files that tell a pod names: its hostname, /etc/resolv.conf and /etc/hosts.

https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from svcproof.json_objects import Object
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


@dataclass(frozen=True, slots=True)
class Resolver:
    """The contents of a resolv.conf."""

    servers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: Mapping[str, str | None] = field(default_factory=dict)

    def text(self) -> str:
        """The resolv.conf itself, with nothing twice."""
        lines = [f"nameserver {server}" for server in dict.fromkeys(self.servers)]
        if self.search:
            lines.insert(0, "search " + " ".join(dict.fromkeys(self.search)))
        if self.options:
            options = (name if value is None else f"{name}:{value}" for name, value in self.options.items())
            lines.append("options " + " ".join(options))
        return "".join(f"{line}\n" for line in lines)


ClusterFirst = Callable[[str, Layout], Resolver]


def cluster_first(namespace: str, layout: Layout) -> Resolver:
    """The resolver of dnsPolicy ClusterFirst in a namespace: the cluster's DNS."""
    zone = layout.dns_domain
    return Resolver(layout.dns_service, (f"{namespace}.svc.{zone}", f"svc.{zone}", zone), {"ndots": "5"})


def resolv_conf(pod: Object, layout: Layout, cluster_first: ClusterFirst) -> str:
    """The resolv.conf of a pod, by its dnsPolicy and dnsConfig."""
    resolver, config = _of_policy(pod, layout, cluster_first), pod["spec"].get("dnsConfig") or {}
    return Resolver(
        (*resolver.servers, *config.get("nameservers", ())),
        (*resolver.search, *config.get("searches", ())),
        {**resolver.options, **{option["name"]: option.get("value") for option in config.get("options", ())}},
    ).text()


def _of_policy(pod: Object, layout: Layout, cluster_first: ClusterFirst) -> Resolver:
    policy = pod["spec"].get("dnsPolicy", "ClusterFirst")
    if policy == "None":
        return Resolver()
    if policy == "Default" or (policy == "ClusterFirst" and pod["spec"].get("hostNetwork")):
        # The nodes' own resolver: they are on a network where nobody answers for other names.
        return Resolver(tuple(layout.fabric))
    return cluster_first(pod["metadata"]["namespace"], layout)


def hostname(pod: Object, node: str) -> str:
    """The name a container calls its host: the pod's, unless it names another or lives on the node's network."""
    if pod["spec"].get("hostNetwork"):
        return node
    name: str = pod["spec"].get("hostname") or pod["metadata"]["name"]
    return name[:LONGEST_HOSTNAME].rstrip("-.")


def hosts(pod: Object, addresses: tuple[str, ...], layout: Layout) -> str:
    """The /etc/hosts of a pod; one on the node's network has no line of its own."""
    spec = pod["spec"]
    text = MANAGED + LOOPBACK
    if not spec.get("hostNetwork"):
        name, full = hostname(pod, ""), ""
        if spec.get("subdomain"):
            full = f"{name}.{spec['subdomain']}.{pod['metadata']['namespace']}.svc.{layout.dns_domain}\t"
        text += "".join(f"{address}\t{full}{name}\n" for address in addresses)
    if aliases := spec.get("hostAliases"):
        text += "\n# Entries added by HostAliases.\n"
        text += "".join(f"{alias['ip']}\t" + "\t".join(alias.get("hostnames", ())) + "\n" for alias in aliases)
    return text
