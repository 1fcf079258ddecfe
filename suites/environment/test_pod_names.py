"""The name of a pod, and the names in its own files."""

from svcproof import KUBELET, MUST, behaviours

from ..clauses import DNS_PODS, HOSTS_FILE

behaviour = behaviours(by=KUBELET, level=MUST)


def named(hosts):
    """The names that an /etc/hosts gives each address."""
    lines = (line.partition("#")[0].split() for line in hosts.splitlines())
    return {words[0]: set(words[1:]) for words in lines if words}


@behaviour(
    because="A hostname in the spec of a pod takes the place of the pod's name.",
    spec=DNS_PODS + "#pod-hostname-and-subdomain-field",
    fails_under={"kubelet/hostname-ignored"},
)
def test_pod_with_a_hostname_calls_itself_so(workbench):
    """Inside a pod whose spec has a hostname, that is the host's name, not the pod's."""
    pod = workbench.pods(extra={"hostname": "first", "subdomain": "family"}).pods[0]

    assert pod.vantage.environment().hostname == "first", "the hostname is the one of the pod's spec"


@behaviour(
    because="The kubelet writes a pod's own name and the entries of its hostAliases into its hosts file.",
    otherwise="A kubelet of a system whose containers have no such file.",
    spec=HOSTS_FILE,
    fails_under={"kubelet/no-hosts-entry"},
)
def test_hosts_file_has_the_pods_own_name_and_its_aliases(workbench):
    """A pod's /etc/hosts gives its own address its name, and has the lines of its hostAliases."""
    aliases = [{"ip": "198.51.100.7", "hostnames": ["db.example.com", "db"]}]

    pod = workbench.pods(extra={"hostAliases": aliases}).pods[0]

    names = named(pod.vantage.environment().hosts)
    assert names.get(pod.address, set()) >= {pod.name}, "/etc/hosts gives the pod's address its name"
    assert names.get("198.51.100.7") == {"db.example.com", "db"}, "/etc/hosts gives the address its aliases"
