"""The Services that a proxy handles."""

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import LABELS, SERVICE
from svcproof.promise.expectation import Rule
from svcproof.promise.rulebook import rule
from svcproof.promise.world import Service

OTHER_PROXY = "service.kubernetes.io/service-proxy-name"
HEADLESS = "service.kubernetes.io/headless"


@rule(SERVICE + "#headless-services", Level.MUST)
def headless_service_is_left_alone(service: Service) -> bool:
    """A headless Service, whose clusterIP is None, is not proxied: at no address at all."""
    return "None" in service.cluster_ips


@rule(SERVICE + "#externalname", Level.MUST)
def external_name_is_left_alone(service: Service) -> bool:
    """A Service of type ExternalName is a name in the DNS and nothing else: it is not proxied."""
    return service.type == "ExternalName"


@rule(
    LABELS + "#servicekubernetesioservice-proxy-name",
    Level.MUST,
    kep=2447,
    since="1.14",
    feature=Feature.SERVICE_PROXY_NAME,
)
def labelled_service_is_left_to_another_proxy(service: Service) -> bool:
    """A Service with the label service.kubernetes.io/service-proxy-name, of any value, is left to another proxy."""
    return OTHER_PROXY in service.labels


@rule(LABELS + "#servicekubernetesioheadless", Level.MAY)
def service_labelled_headless_may_be_left_alone(service: Service) -> bool:
    """A Service that has a clusterIP and the label service.kubernetes.io/headless may be proxied or not.

    The label is documented for the EndpointSlices of headless Services; kube-proxy heeds it on Services too.
    """
    return HEADLESS in service.labels


LEFT_ALONE = (headless_service_is_left_alone, external_name_is_left_alone, labelled_service_is_left_to_another_proxy)


def is_handled(service: Service) -> bool:
    """True if the proxy handles the Service."""
    return bool(service.cluster_ips) and reason_to_leave_alone(service) is None


def reason_to_leave_alone(service: Service) -> Rule | None:
    """Return the rule by which the proxy does not handle the Service; None if it does."""
    return next((leave.rule for leave in LEFT_ALONE if leave(service)), None)
