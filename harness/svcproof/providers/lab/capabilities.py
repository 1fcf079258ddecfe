"""The capabilities that a lab of a declaration lacks."""

from collections.abc import Mapping

from svcproof.declare.lacking import by_declaration, no_sctp
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability


def lacking_capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """Return each capability that the lab lacks, with the reason."""
    called = f"the lab {spec.name}"
    lacking = {
        **by_declaration(spec, called),
        Capability.LOAD_BALANCER: not spec.load_balancer_pool and f"{called} has no loadBalancerPool",
        Capability.IPV6: "the lab has no IPv6",
        Capability.DUAL_STACK: "the lab has no IPv6",
        Capability.SCTP: no_sctp() and "the kernel of this machine does not speak SCTP",
    }
    return {capability: reason for capability, reason in lacking.items() if reason}
