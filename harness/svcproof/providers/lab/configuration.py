"""The configuration of a lab, from a cluster's declaration."""

from svcproof.addresses import Span
from svcproof.lab.layout import ImageConfig, LabConfig, NodeConfig
from svcproof.model.cluster_spec import ClusterSpec


def lab_config(spec: ClusterSpec) -> LabConfig:
    """Return the configuration of the lab that `spec` declares."""
    first, last = (int(port) for port in spec.node_ports.split("-"))
    return LabConfig(
        nodes=tuple(NodeConfig(node.name, node.zone) for node in spec.nodes),
        outside=spec.outside,
        node_ranges=spec.node_ranges,
        pod_ranges=spec.pod_ranges,
        service_ranges=spec.service_ranges,
        external_ranges=spec.external_ranges,
        load_balancer_pool=tuple(Span(span.first, span.last) for span in spec.load_balancer_pool),
        node_ports=range(first, last + 1),
        dns_domain=spec.dns_domain,
        images=tuple(ImageConfig(pattern, image.command) for pattern, image in spec.images.items()),
    )
