"""The variables of one Service."""

from typing import Any

from svcproof import KUBELET, MUST, PROXY, SHOULD, Capability, Protocol, Target, answered_within, behaviours, eventually

from ..clauses import CONTAINERS, SERVICE
from ..families import in_url

VARIABLES = SERVICE + "#environment-variables"
HOST_AND_PORT = "NAME_SERVICE_HOST and NAME_SERVICE_PORT of each Service are set, to its ClusterIP and port."
LINKS = (
    "Variables compatible with those of Docker's container links are provided, with the protocol of the port in them."
)
behaviour = behaviours(by=KUBELET, level=MUST, spec=VARIABLES)


def service_variables(pod: Any, service: Any) -> dict[str, str]:
    """The variables that a pod's container has of a Service, without the Service's name at the front."""
    return _of(service, pod.vantage.environment().variables)


def variables_of_new_process(pod: Any, service: Any) -> dict[str, str]:
    """The same of a command that is run in the container, beside the process it was started for."""
    lines = pod.vantage.shell.run(("env",)).stdout.decode().splitlines()
    return _of(service, dict(line.split("=", 1) for line in lines if "=" in line))


def _of(service: Any, variables: dict[str, str]) -> dict[str, str]:
    prefix = service.name.upper().replace("-", "_") + "_"
    return {name.removeprefix(prefix): value for name, value in variables.items() if name.startswith(prefix)}


@behaviour(because=HOST_AND_PORT, fails_under={"kubelet/no-service-variables"})
def test_variables_name_the_host_and_port_of_an_older_service(echo, workbench):
    """A container started after a Service has NAME_SERVICE_HOST, its ClusterIP, and NAME_SERVICE_PORT."""
    service = echo.service()

    pod = workbench.pods().pods[0]

    variables = service_variables(pod, service)
    assert variables.get("SERVICE_HOST") == service.cluster_ip, "NAME_SERVICE_HOST is the ClusterIP"
    assert variables.get("SERVICE_PORT") == "80", "NAME_SERVICE_PORT is the port of the Service"


@behaviour(because=HOST_AND_PORT, fails_under={"kubelet/wrong-service-port"})
def test_variables_carry_the_service_port_not_the_target_port(echo, workbench):
    """NAME_SERVICE_PORT is the Service's port, where the targetPort is another number."""
    service = echo.service(ports=[{"port": 8000, "targetPort": 8080}])

    pod = workbench.pods().pods[0]

    assert service_variables(pod, service).get("SERVICE_PORT") == "8000", "NAME_SERVICE_PORT is the port of the Service"


@behaviour(because=LINKS, fails_under={"kubelet/no-service-variables", "kubelet/last-port-first"})
def test_variables_in_the_style_of_docker_links(echo, workbench):
    """A container also has NAME_PORT, of the first port, and the NAME_PORT_80_TCP family: URL and so on."""
    service = echo.service(ports=[{"name": "first", "port": 80}, {"name": "second", "port": 81}])

    pod = workbench.pods().pods[0]

    variables, address = service_variables(pod, service), service.cluster_ip
    assert variables.get("PORT") == f"tcp://{in_url(address)}:80", "NAME_PORT is the URL of the first port"
    assert variables.get("PORT_80_TCP") == f"tcp://{in_url(address)}:80", "NAME_PORT_80_TCP is the URL of the port"
    assert variables.get("PORT_80_TCP_PROTO") == "tcp", "NAME_PORT_80_TCP_PROTO is the protocol"
    assert variables.get("PORT_80_TCP_PORT") == "80", "NAME_PORT_80_TCP_PORT is the port"
    assert variables.get("PORT_80_TCP_ADDR") == address, "NAME_PORT_80_TCP_ADDR is the ClusterIP"


@behaviour(
    because="In names of variables a Service's name is in upper case, with underscores for dashes.",
    fails_under={"kubelet/dash-kept-in-names"},
)
def test_variables_are_in_upper_case_with_dashes_as_underscores(echo, workbench):
    """The name of a Service is made upper case, and every dash in it an underscore."""
    service = echo.service(name=workbench.name("redis-primary"))

    pod = workbench.pods().pods[0]

    variables = pod.vantage.environment().variables
    name = service.name.upper().replace("-", "_")
    assert variables.get(f"{name}_SERVICE_HOST") == service.cluster_ip, f"{name}_SERVICE_HOST is the ClusterIP"
    assert variables.get(f"{name}_SERVICE_PORT") == "80", f"{name}_SERVICE_PORT is the port of the Service"


@behaviour(
    because="Variables of named ports are a custom of kubelets; no sentence of the documentation has them.",
    level=SHOULD,
    fails_under={"kubelet/no-named-ports", "kubelet/last-port-first"},
)
def test_variables_of_a_multi_port_service_name_each_port(echo, workbench):
    """NAME_SERVICE_PORT is the first port of several; each named one has a NAME_SERVICE_PORT_PORTNAME of its own."""
    service = echo.service(ports=[{"name": "first", "port": 80}, {"name": "second", "port": 81}])

    pod = workbench.pods().pods[0]

    variables = service_variables(pod, service)
    assert variables.get("SERVICE_PORT") == "80", "NAME_SERVICE_PORT is the first port"
    assert variables.get("SERVICE_PORT_FIRST") == "80", "NAME_SERVICE_PORT_FIRST is the first port"
    assert variables.get("SERVICE_PORT_SECOND") == "81", "NAME_SERVICE_PORT_SECOND is the second port"


@behaviour(level=SHOULD, fails_under={"kubelet/unnamed-ports-named"})
def test_variables_of_an_unnamed_port_give_it_no_name(echo, workbench):
    """A port without a name has NAME_SERVICE_PORT and no NAME_SERVICE_PORT_PORTNAME."""
    service = echo.service(ports=[{"port": 80, "targetPort": 8080}])

    pod = workbench.pods().pods[0]

    assert {name for name in service_variables(pod, service) if name.startswith("SERVICE_PORT")} == {"SERVICE_PORT"}, (
        "the variables that begin with NAME_SERVICE_PORT are"
    )


@behaviour(because=LINKS, fails_under={"kubelet/protocol-always-tcp"})
def test_variables_of_a_udp_port_say_udp(echo, workbench):
    """The variables of a UDP port have UDP in their names and udp in their URL."""
    service = echo.service(ports=[{"port": 53, "protocol": "UDP"}])

    pod = workbench.pods().pods[0]

    assert service_variables(pod, service).get("PORT_53_UDP") == f"udp://{in_url(service.cluster_ip)}:53", (
        "NAME_PORT_53_UDP is the URL of the port"
    )


@behaviour(because=HOST_AND_PORT, fails_under={"kubelet/wrong-service-port", "kubelet/node-port-in-variables"})
def test_variables_of_a_node_port_service_carry_its_cluster_ip_and_port(echo, workbench):
    """The variables of a NodePort Service hold its ClusterIP and port, not its node port."""
    service = echo.service(type="NodePort")

    pod = workbench.pods().pods[0]

    variables = service_variables(pod, service)
    assert variables.get("SERVICE_HOST") == service.cluster_ip, "NAME_SERVICE_HOST is the ClusterIP"
    assert variables.get("SERVICE_PORT") == "80", "NAME_SERVICE_PORT is the port of the Service"


@behaviour(
    because="A client pod may find the Service by these variables in place of DNS.",
    by=PROXY,
    fails_under={"proxy/service-port-used-as-target"},
)
def test_address_in_the_variables_reaches_the_service(echo, workbench):
    """A container that connects to the host and port in its variables is answered by an endpoint."""
    service = echo.service()
    pod = workbench.pods().pods[0]
    variables = service_variables(pod, service)

    target = Target(variables["SERVICE_HOST"], int(variables["SERVICE_PORT"]), Protocol.TCP)
    eventually(lambda: pod.vantage.tcp(target, times=3), answered_within(echo.names))


@behaviour(
    because="Each container has the list of Services as environment variables.",
    spec=CONTAINERS + "#cluster-information",
    requires={Capability.EXEC},
    fails_under={"kubelet/only-first-container-gets-variables"},
)
def test_variables_are_the_same_in_each_container_of_a_pod(echo, workbench, kube):
    """Every container of a pod has the same variables of a Service."""
    service = echo.service()

    pod = workbench.pods(sleepers=("second",)).pods[0]

    shown = kube.exec(pod.name, pod.namespace, ["env"], container="second").stdout.decode()
    second = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    assert _of(service, second) == service_variables(pod, service), (
        "the second container has the variables of the first"
    )
