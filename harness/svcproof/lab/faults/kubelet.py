"""Faults of the kubelet: what a pod can be told wrongly about Services, names and its own readiness."""

from svcproof.lab.faults import Fault

NO_SERVICE_VARIABLES = Fault(
    name="kubelet/no-service-variables",
    summary="Containers get no variables for Services at all, not even for kubernetes.",
)
VARIABLES_FROM_OTHER_NAMESPACES = Fault(
    name="kubelet/variables-from-other-namespaces",
    summary="Services of every namespace give variables, not only those of the pod's own.",
)
ONLY_FIRST_CONTAINER_GETS_VARIABLES = Fault(
    name="kubelet/only-first-container-gets-variables",
    summary="Service variables go to the first container of a pod and to none of the others.",
)
DASH_KEPT_IN_NAMES = Fault(
    name="kubelet/dash-kept-in-names",
    summary="A dash in the name of a Service or a port stays in the variable's name.",
)
WRONG_SERVICE_PORT = Fault(
    name="kubelet/wrong-service-port",
    summary="Variables carry the targetPort where they should carry the Service's port.",
)
LAST_PORT_FIRST = Fault(
    name="kubelet/last-port-first",
    summary="SERVICE_PORT and the URL are those of the last port instead of the first.",
)
NO_NAMED_PORTS = Fault(
    name="kubelet/no-named-ports",
    summary="There is no SERVICE_PORT_<NAME> variable for named ports.",
)
PROTOCOL_ALWAYS_TCP = Fault(
    name="kubelet/protocol-always-tcp",
    summary="Variables call every port TCP.",
)
HEADLESS_VARIABLES = Fault(
    name="kubelet/headless-variables",
    summary="Headless and ExternalName Services give variables, with the host None or empty.",
)
LINKS_DESPITE_SETTING = Fault(
    name="kubelet/links-despite-enable-service-links-false",
    summary="enableServiceLinks: false is ignored.",
)
KUBERNETES_WITHHELD = Fault(
    name="kubelet/kubernetes-withheld",
    summary="default/kubernetes gives variables in its own namespace only.",
)
GENERATED_OVER_DECLARED = Fault(
    name="kubelet/generated-over-declared",
    summary="A Service's variable wins over one of the same name in the container's env.",
)
NO_EXPANSION = Fault(
    name="kubelet/no-expansion",
    summary="$(NAME) is left as it is in command, args and env where NAME is a variable of a Service.",
)
VARIABLES_FOLLOW_SERVICES = Fault(
    name="kubelet/variables-follow-services",
    summary="A command run in a container sees the Services of that moment, not those of the container's start.",
)
VARIABLES_KEPT_OVER_RESTARTS = Fault(
    name="kubelet/variables-kept-over-restarts",
    summary="A container that is started again gets the variables of its first start.",
)
HOST_NETWORK_WITHOUT_VARIABLES = Fault(
    name="kubelet/host-network-without-variables",
    summary="Pods on the node's network get no variables for Services.",
)
NODE_PORT_IN_VARIABLES = Fault(
    name="kubelet/node-port-in-variables",
    summary="Variables carry the node port of Services that have one.",
)
UNNAMED_PORTS_NAMED = Fault(
    name="kubelet/unnamed-ports-named",
    summary="A port without a name gives a SERVICE_PORT_ variable, with its number for a name.",
)
HOSTNAME_IGNORED = Fault(
    name="kubelet/hostname-ignored",
    summary="A pod is always called by its own name, whatever its hostname and subdomain say.",
)
WRONG_NAMESERVER = Fault(
    name="kubelet/wrong-nameserver",
    summary="resolv.conf names a resolver elsewhere, which knows no Service, instead of the cluster's DNS Service.",
)
RESOLV_WITHOUT_SEARCH = Fault(
    name="kubelet/resolv-without-search",
    summary="resolv.conf has no search list, so only full names resolve.",
)
RESOLV_WITHOUT_NDOTS = Fault(
    name="kubelet/resolv-without-ndots",
    summary="resolv.conf has no options, so names with a dot are asked for as they are first.",
)
SEARCH_OF_DEFAULT_NAMESPACE = Fault(
    name="kubelet/search-of-default-namespace",
    summary="The search list begins with the namespace default whatever the pod's own.",
)
DNS_POLICY_IGNORED = Fault(
    name="kubelet/dns-policy-ignored",
    summary="Every pod is given the cluster's DNS, whatever its dnsPolicy.",
)
NO_HOSTS_ENTRY = Fault(
    name="kubelet/no-hosts-entry",
    summary="/etc/hosts lacks the pod's own name and its hostAliases.",
)
REPORTS_READY_AT_ONCE = Fault(
    name="kubelet/reports-ready-at-once",
    summary="A running container is reported ready without asking its readiness probe.",
)
READINESS_STICKS = Fault(
    name="kubelet/readiness-sticks",
    summary="A container that was ready once stays ready, whatever its readiness probe says later.",
)
IGNORES_TERMINATION_GRACE = Fault(
    name="kubelet/ignores-termination-grace",
    summary="Pods being deleted are killed at once, without preStop, SIGTERM or grace period.",
)

FAULTS = (
    NO_SERVICE_VARIABLES,
    VARIABLES_FROM_OTHER_NAMESPACES,
    ONLY_FIRST_CONTAINER_GETS_VARIABLES,
    DASH_KEPT_IN_NAMES,
    WRONG_SERVICE_PORT,
    LAST_PORT_FIRST,
    NO_NAMED_PORTS,
    PROTOCOL_ALWAYS_TCP,
    HEADLESS_VARIABLES,
    LINKS_DESPITE_SETTING,
    KUBERNETES_WITHHELD,
    GENERATED_OVER_DECLARED,
    NO_EXPANSION,
    VARIABLES_FOLLOW_SERVICES,
    VARIABLES_KEPT_OVER_RESTARTS,
    HOST_NETWORK_WITHOUT_VARIABLES,
    NODE_PORT_IN_VARIABLES,
    UNNAMED_PORTS_NAMED,
    HOSTNAME_IGNORED,
    WRONG_NAMESERVER,
    RESOLV_WITHOUT_SEARCH,
    RESOLV_WITHOUT_NDOTS,
    SEARCH_OF_DEFAULT_NAMESPACE,
    DNS_POLICY_IGNORED,
    NO_HOSTS_ENTRY,
    REPORTS_READY_AT_ONCE,
    READINESS_STICKS,
    IGNORES_TERMINATION_GRACE,
)
