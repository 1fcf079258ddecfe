"""The Services of which a container has variables."""

from svcproof import KUBELET, MUST, SHOULD, Capability, Judged, behaviours, control, equals, eventually

from ..clauses import API_FROM_PODS, CONTAINERS, POD_API, SERVICE
from .test_service_variables import service_variables, variables_of_new_process

VARIABLES = SERVICE + "#environment-variables"
LISTED = CONTAINERS + "#cluster-information"
LINKS = POD_API + "#PodSpec"
OF_ITS_START = "A container has the Services that were there when it was created, as environment variables."
OF_ITS_NAMESPACE = "The list is limited to Services of the pod's namespace and those of the control plane."
behaviour = behaviours(by=KUBELET, level=MUST, spec=LISTED)


def restarts(pod):
    """The number of restarts of the pod's container; None while it is not ready."""
    (status,) = pod.object["status"]["containerStatuses"]
    return status["restartCount"] if status["ready"] else None


@behaviour(because=OF_ITS_START, fails_under={"kubelet/variables-follow-services"})
def test_variables_of_a_younger_service_are_missing(echo, workbench):
    """A container that runs already gets no variables of a Service made after it started."""
    older = echo.service()
    pod = workbench.pods().pods[0]

    younger = echo.service()

    assert service_variables(pod, older), "the container has variables of the older Service"
    assert service_variables(pod, younger) == {}, "the container has no variables of the younger Service"
    assert variables_of_new_process(pod, younger) == {}, "a new process has no variables of the younger Service"


@behaviour(because=OF_ITS_NAMESPACE, fails_under={"kubelet/variables-from-other-namespaces"})
def test_variables_of_a_service_in_another_namespace_are_missing(echo, elsewhere, workbench):
    """A container gets variables of the Services in its pod's namespace, and of no other."""
    own = echo.service()
    other = elsewhere.service(name=elsewhere.name("other"))

    pod = workbench.pods().pods[0]

    assert service_variables(pod, own), "the container has variables of the Service in its namespace"
    assert service_variables(pod, other) == {}, "the container has no variables of the Service in another namespace"


@behaviour(
    because="The variables hold the ClusterIP of a Service and its port; a headless one has no ClusterIP.",
    spec=VARIABLES,
    fails_under={"kubelet/headless-variables"},
)
def test_variables_of_a_headless_service_are_missing(echo, workbench):
    """A headless Service, which has no ClusterIP, gives no variables."""
    usual, headless = echo.service(), echo.service(clusterIP="None")

    pod = workbench.pods().pods[0]

    assert service_variables(pod, usual), "the container has variables of the usual Service"
    assert service_variables(pod, headless) == {}, "the container has no variables of the headless Service"


@behaviour(
    because="This field says whether information about Services is put into the environment of the pod.",
    spec=LINKS,
    fails_under={"kubelet/links-despite-enable-service-links-false"},
)
def test_variables_are_left_out_where_the_pod_wants_no_service_links(echo, workbench):
    """A pod with enableServiceLinks: false gets no variables of a Service in its namespace."""
    service = echo.service()

    pod = workbench.pods(extra={"enableServiceLinks": False}).pods[0]

    with control("the container's variables can be read"):
        assert pod.vantage.environment().variables, "the container has variables"
    assert service_variables(pod, service) == {}, "the container has no variables of the Service"


@behaviour(
    because="The kubelet adds the variables when a pod is run on its node, in whichever network.",
    spec=VARIABLES,
    requires={Capability.HOST_NETWORK},
    fails_under={"kubelet/host-network-without-variables"},
)
def test_variables_are_given_to_pods_in_the_host_network(echo, workbench):
    """A pod in its node's network gets the variables of Services like any other."""
    service = echo.service()

    pod = workbench.pods(host_network=True, tcp=(), udp=(), http=()).pods[0]

    assert service_variables(pod, service).get("SERVICE_HOST") == service.cluster_ip, (
        "NAME_SERVICE_HOST is the ClusterIP"
    )


@behaviour(
    because="A container makes the URL of the API server from the variables of its host and of its port named https.",
    spec=API_FROM_PODS + "#directly-accessing-the-rest-api",
    fails_under={"kubelet/kubernetes-withheld", "kubelet/no-named-ports"},
)
def test_variables_of_the_api_server_are_in_every_pod(kube, client):
    """A container in any namespace has KUBERNETES_SERVICE_HOST, _PORT and _PORT_HTTPS, those of default/kubernetes."""
    spec = kube.get("Service", "kubernetes", "default")["spec"]

    variables = client.environment().variables

    assert variables.get("KUBERNETES_SERVICE_HOST") == spec["clusterIP"], (
        "KUBERNETES_SERVICE_HOST is the ClusterIP of default/kubernetes"
    )
    assert variables.get("KUBERNETES_SERVICE_PORT") == str(spec["ports"][0]["port"]), (
        "KUBERNETES_SERVICE_PORT is its first port"
    )
    https = [str(port["port"]) for port in spec["ports"] if port.get("name") == "https"]
    assert [variables.get("KUBERNETES_SERVICE_PORT_HTTPS")] == https, "KUBERNETES_SERVICE_PORT_HTTPS is its port https"


@behaviour(
    because="What env lists are variables to set in the container, whatever Services are called.",
    spec=POD_API + "#environment-variables",
    fails_under={"kubelet/generated-over-declared"},
)
def test_variable_in_the_pod_spec_wins_over_a_service_of_that_name(echo, workbench):
    """A variable that the pod's spec sets is kept where a Service would give one of the same name."""
    service = echo.service()
    name = service.name.upper().replace("-", "_") + "_SERVICE_HOST"

    pod = workbench.pods(env={name: "mine"}).pods[0]

    variables = service_variables(pod, service)
    assert variables.get("SERVICE_HOST") == "mine", "NAME_SERVICE_HOST is what the pod's spec says"
    assert variables.get("SERVICE_PORT") == "80", "NAME_SERVICE_PORT is the port of the Service"


@behaviour(
    because="References are expanded by the container's own variables and those of Services.",
    spec=POD_API + "#environment-variables",
    fails_under={"kubelet/no-expansion"},
)
def test_variable_of_a_service_can_be_referred_to_in_the_pod_spec(echo, workbench):
    """$(NAME_SERVICE_HOST) in a container's env is replaced by the Service's ClusterIP."""
    service = echo.service()
    name = service.name.upper().replace("-", "_") + "_SERVICE_HOST"

    pod = workbench.pods(env={"BACKEND": f"http://$({name})/"}).pods[0]

    assert pod.vantage.environment().variables.get("BACKEND") == f"http://{service.cluster_ip}/", (
        "the ClusterIP stands in the variable"
    )


@behaviour(because=OF_ITS_START, fails_under={"kubelet/variables-follow-services"})
def test_variables_of_a_deleted_service_stay_in_running_containers(echo, workbench):
    """Deleting a Service changes nothing in containers that run already."""
    service = echo.service()
    pod = workbench.pods().pods[0]
    before = service_variables(pod, service)

    service.delete()

    assert before, "the container has variables of the Service"
    assert service_variables(pod, service) == before, "the container keeps the variables of the Service"
    assert variables_of_new_process(pod, service) == before, "a new process has the variables of the Service"


@behaviour(
    because=OF_ITS_START, level=SHOULD, requires={Capability.EXEC}, fails_under={"kubelet/variables-kept-over-restarts"}
)
def test_variables_of_a_container_that_starts_again_are_those_of_now(echo, workbench, kube):
    """A container that ends and is started again gets the variables of Services that were made meanwhile."""
    pod = workbench.pods(readiness=True).pods[0]
    service = echo.service()

    with control("the container is started again"):
        kube.exec(pod.name, pod.namespace, ["sh", "-c", "kill 1"])
        eventually(
            lambda: restarts(pod),
            equals(1, "the number of restarts of the pod's container"),
            within=Judged.CONTAINER_RESTARTED,
        )

    assert service_variables(pod, service).get("SERVICE_HOST") == service.cluster_ip, (
        "NAME_SERVICE_HOST is the ClusterIP"
    )
