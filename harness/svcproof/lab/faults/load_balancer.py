"""Faults of the load balancer: allocating addresses, and announcing them."""

from svcproof.lab.faults import Fault

NEVER_ASSIGNS = Fault(name="load-balancer/never-assigns", summary="No Service gets an address.")
OUTSIDE_POOL = Fault(name="load-balancer/outside-pool", summary="Addresses come from behind the end of the pool.")
SAME_ADDRESS = Fault(
    name="load-balancer/same-address-for-all",
    summary="Services that do not allow sharing get the same address.",
)
REQUEST_IGNORED = Fault(
    name="load-balancer/requested-address-ignored",
    summary="spec.loadBalancerIP and the annotation that asks for an address have no effect.",
)
SHARING_REFUSED = Fault(
    name="load-balancer/sharing-refused",
    summary="Services that allow sharing an address are refused the one they ask for.",
)
CLASS_OF_OTHERS_CLAIMED = Fault(
    name="load-balancer/class-of-others-claimed",
    summary="Services whose loadBalancerClass names another load balancer get an address.",
)
ADDRESS_KEPT_AFTER_TYPE_CHANGE = Fault(
    name="load-balancer/address-kept-after-type-change",
    summary="The address of a Service that is no longer of type LoadBalancer is not given back: no other can have it.",
)
NEW_ADDRESS_ON_UPDATE = Fault(
    name="load-balancer/new-address-on-update",
    summary="A Service gets another address whenever its spec changes.",
)
NOT_ANNOUNCED = Fault(name="load-balancer/not-announced", summary="No node answers ARP for an address.")
ANNOUNCED_WITHOUT_ENDPOINT = Fault(
    name="load-balancer/announced-by-node-without-endpoint",
    summary="With externalTrafficPolicy Local, a node without an endpoint announces the address where there is one.",
)
EXCLUDED_NODE_ANNOUNCES = Fault(
    name="load-balancer/excluded-node-announces",
    summary="The label node.kubernetes.io/exclude-from-external-load-balancers has no effect.",
)
STAYS_WITH_FIRST_NODE = Fault(
    name="load-balancer/stays-with-first-node",
    summary="The node that announced an address first goes on, even when it should no longer.",
)

FAULTS = (
    NEVER_ASSIGNS,
    OUTSIDE_POOL,
    SAME_ADDRESS,
    REQUEST_IGNORED,
    SHARING_REFUSED,
    CLASS_OF_OTHERS_CLAIMED,
    ADDRESS_KEPT_AFTER_TYPE_CHANGE,
    NEW_ADDRESS_ON_UPDATE,
    NOT_ANNOUNCED,
    ANNOUNCED_WITHOUT_ENDPOINT,
    EXCLUDED_NODE_ANNOUNCES,
    STAYS_WITH_FIRST_NODE,
)
