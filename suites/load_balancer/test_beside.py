"""ClusterIPs and node ports of Services of type LoadBalancer."""

from ipaddress import ip_address

from svcproof import (
    CONTROLLERS,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    announced,
    answered,
    answered_within,
    behaviours,
    control,
    eventually,
)

from ..clauses import SERVICE

LOAD_BALANCER_TYPE = SERVICE + "#loadbalancer"
behaviour = behaviours(by=PROXY, level=MUST, spec=LOAD_BALANCER_TYPE)


@behaviour(level=SHOULD, by=CONTROLLERS, fails_under={"controllers/no-node-port-for-load-balancer"}, kep=1864)
def test_load_balancer_service_is_given_node_ports(echo):
    """A Service of type LoadBalancer is given a ClusterIP and a node port for each of its ports."""
    ports = [{"name": "main", "port": 80, "targetPort": 8080}, {"name": "other", "port": 81, "targetPort": 8081}]

    spec = echo.service(type="LoadBalancer", ports=ports).spec

    assert ip_address(spec["clusterIP"]), "the Service has a ClusterIP"
    assert len({port["nodePort"] for port in spec["ports"] if port.get("nodePort")}) == len(ports), (
        "the Service has a node port for each of its ports"
    )


@behaviour(
    because="Allocation of node ports is turned off by this field.",
    spec=SERVICE + "#load-balancer-nodeport-allocation",
    by=CONTROLLERS,
    fails_under={"controllers/node-ports-despite-setting"},
    kep=1864,
    since="1.24",
)
def test_load_balancer_service_can_do_without_node_ports(echo):
    """A Service of type LoadBalancer with allocateLoadBalancerNodePorts false is given no node ports."""
    service = echo.service(type="LoadBalancer", allocateLoadBalancerNodePorts=False)

    assert not [port for port in service.spec["ports"] if port.get("nodePort")], "the Service has no node ports"


@behaviour(
    because="The types of Service are nested: one of type LoadBalancer has all that one of type ClusterIP has.",
    spec=SERVICE + "#publishing-services-service-types",
    requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER},
    fails_under={"proxy/lb-service-lacks-cluster-ip"},
)
def test_load_balancer_service_also_has_a_cluster_ip(echo, client):
    """A Service with a load balancer's address is also reached at its ClusterIP."""
    service = echo.service(type="LoadBalancer")
    with control("it has its address"):
        eventually(lambda: client.tcp(service.at_load_balancer()), answered)

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_within(echo.names))


@behaviour(
    level=SHOULD,
    requires={Capability.LOAD_BALANCER, Capability.OUTSIDE_CLIENT, Feature.LOAD_BALANCER, Feature.NODE_PORT},
    fails_under={"proxy/lb-service-lacks-nodeport"},
    kep=1864,
)
def test_load_balancer_service_also_has_node_ports(echo, nodes, client, outside):
    """A Service with a load balancer's address is also reached at its node port, on every node."""
    service = echo.service(type="LoadBalancer")
    with control("it has its address"):
        eventually(lambda: client.tcp(service.at_load_balancer()), answered)

    eventually(lambda: outside.probe([service.at_node(node) for node in nodes], times=3), answered_within(echo.names))


@behaviour(
    because="Load balancers that lead to the pods directly do without node ports, and serve the Service all the same.",
    otherwise="A load balancer that forwards to node ports, which a cluster must not have beside this setting.",
    spec=SERVICE + "#load-balancer-nodeport-allocation",
    requires={Capability.LOAD_BALANCER, Capability.OUTSIDE_CLIENT, Feature.LOAD_BALANCER},
    fails_under={"proxy/load-balancer-ips-ignored"},
    kep=1864,
    since="1.24",
)
def test_load_balancer_address_is_served_without_node_ports(echo, outside):
    """A Service with allocateLoadBalancerNodePorts false is served at its load balancer address."""
    target = echo.service(type="LoadBalancer", allocateLoadBalancerNodePorts=False).at_load_balancer()
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), announced)

    eventually(lambda: outside.tcp(target, times=3), answered_within(echo.names))
