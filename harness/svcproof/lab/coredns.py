"""CoreDNS in the place of the lab's own DNS: a program in the fabric's namespace, behind the same Service."""

from svcproof.errors import ProvisionError
from svcproof.lab.client import Client
from svcproof.lab.components import COREDNS, Component
from svcproof.lab.directory import Directory
from svcproof.lab.dns.publish import PORT, publish
from svcproof.lab.layout import Layout
from svcproof.lab.network import Network
from svcproof.lab.network.wiring import FABRIC
from svcproof.lab.process.programs import Programs
from svcproof.lab.process.readiness import await_ready
from svcproof.limits import Provision

READY = "127.0.0.1:8181"
CONFIGURATION = """\
.:{port} {{
    errors
    ready {ready}
    kubernetes {domain} in-addr.arpa ip6.arpa {{
        kubeconfig {kubeconfig}
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }}
    loadbalance
}}
"""
"""As clusters commonly have it, but for a cache and for servers outside, which a lab cannot reach.

https://coredns.io/plugins/kubernetes/
"""


async def start(
    program: Component, plan: Layout, directory: Directory, client: Client, programs: Programs, network: Network
) -> None:
    """Start it, wait until it knows the cluster, and publish its Service; raises ProvisionError."""
    place = directory.path / COREDNS
    place.mkdir()
    file = place / "Corefile"
    file.write_text(configuration(plan, directory))
    await programs.start(COREDNS, FABRIC, (str(program.path), "-conf", str(file)), {}, str(place))
    limit = Provision.LAB_WITH_COMPONENTS_STARTED.seconds
    _, trouble = await await_ready(programs, network, COREDNS, FABRIC, f"http://{READY}/ready", limit)
    if trouble:
        _, tail = await programs.inspect(COREDNS)
        raise ProvisionError(f"CoreDNS did not become ready in the lab: {trouble}\nits last output:\n{tail}")
    await publish(client, plan)


def configuration(plan: Layout, directory: Directory) -> str:
    """Return its Corefile."""
    return CONFIGURATION.format(
        port=PORT,
        ready=READY,
        domain=plan.dns_domain,
        kubeconfig=directory.node_kubeconfig,
    )
