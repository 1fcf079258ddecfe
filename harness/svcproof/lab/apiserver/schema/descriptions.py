"""A line about each field of a Service, for `kubectl explain`; other kinds have names and types alone."""

from collections.abc import Mapping
from types import MappingProxyType

REFERENCE = "https://kubernetes.io/docs/reference/kubernetes-api/"
SERVICE = f"{REFERENCE}service-resources/service-v1/"
OTHERS = f"Names and types of its fields are those of Kubernetes 1.36; {REFERENCE} tells what they mean."
ENUMERATIONS: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("core.ServicePort", "protocol"): ("SCTP", "TCP", "UDP"),
        ("core.ServiceSpec", "externalTrafficPolicy"): ("Cluster", "Local"),
        ("core.ServiceSpec", "internalTrafficPolicy"): ("Cluster", "Local"),
        ("core.ServiceSpec", "ipFamilyPolicy"): ("PreferDualStack", "RequireDualStack", "SingleStack"),
        ("core.ServiceSpec", "sessionAffinity"): ("ClientIP", "None"),
        ("core.ServiceSpec", "type"): ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {"core.Service": f"One name and address for a group of pods. See {SERVICE}"}
)
FIELDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "core.Service": {
            "spec": "The pods behind the Service, and the ways to reach them.",
            "status": "The state of the Service in the cluster; set by the load balancer.",
        },
        "core.ServiceSpec": {
            "allocateLoadBalancerNodePorts": "True, the default, gives node ports to type LoadBalancer.",
            "clusterIP": "The virtual address; chosen by the server, or None for a Service without one.",
            "clusterIPs": "The virtual addresses, one for each IP family; the first equals clusterIP.",
            "externalIPs": "Further addresses at which nodes serve the Service; routing them is yours.",
            "externalName": "The DNS name that a Service of type ExternalName stands for.",
            "externalTrafficPolicy": "For connections from outside: Local keeps to the node that they reach.",
            "healthCheckNodePort": "The port at which nodes tell a load balancer whether they have endpoints.",
            "internalTrafficPolicy": "For connections from within: Local keeps to the node that they come from.",
            "ipFamilies": "The IP families of the cluster IPs, in their order: IPv4, IPv6.",
            "ipFamilyPolicy": "One IP family, two if the cluster has two, or two in any case.",
            "loadBalancerClass": "The implementation that is to serve a Service of type LoadBalancer.",
            "loadBalancerIP": "The address asked of the load balancer; deprecated.",
            "loadBalancerSourceRanges": "The ranges of client addresses that are let through the load balancer.",
            "ports": "The ports of the Service.",
            "publishNotReadyAddresses": "True makes pods endpoints before they are ready.",
            "selector": "The labels of the pods behind the Service; without it, endpoints are made by hand.",
            "sessionAffinity": "ClientIP sends connections of one client to one pod; None does not.",
            "sessionAffinityConfig": "The duration of the affinity.",
            "trafficDistribution": "The preferred endpoints: PreferSameZone, PreferSameNode.",
            "type": "The way to the Service: in the cluster, at node ports, by a load balancer, as a name.",
        },
        "core.ServicePort": {
            "appProtocol": "The application's protocol, a hint for the programs that handle it.",
            "name": "The port's name; required if there are several.",
            "nodePort": "The port of every node, for types NodePort and LoadBalancer; chosen by the server.",
            "port": "The port at the Service's address.",
            "protocol": "TCP, UDP or SCTP; TCP by default.",
            "targetPort": "The pods' port, as a number or by its name in the pod; the same as port by default.",
        },
        "core.ServiceStatus": {
            "conditions": "The present state of the Service, as conditions.",
            "loadBalancer": "The addresses of the load balancer.",
        },
    }
)
