from collections.abc import Callable

from svcproof.api_kinds import PODS, SERVICES
from svcproof.lab.client import PatchType
from tests.lab.controllers.stage import Stage

Play = Callable[..., None]
HTTP = {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}


async def service(here: Stage, name: str = "web", **spec: object) -> None:
    await here.create(SERVICES, name, spec={"selector": {"app": "web"}, "ports": [HTTP], **spec})


def test_a_slice_holds_the_pods_the_selector_chooses(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await service(here)
        await here.pod("one")
        await here.pod("stranger", labels={"app": "other"})
        await here.until(lambda: here.endpoints("web"), lambda seen: set(seen) == {"one"})
        (only,) = await here.slices("web")
        pod = next(one for one in await here.pods() if one["metadata"]["name"] == "one")
        assert only["metadata"]["labels"]["endpointslice.kubernetes.io/managed-by"] == "endpointslice-controller.k8s.io"
        assert only["metadata"]["ownerReferences"][0]["kind"] == "Service"
        assert only["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]
        (endpoint,) = only["endpoints"]
        assert endpoint["addresses"] == [pod["status"]["podIP"]]
        assert endpoint["nodeName"] == pod["spec"]["nodeName"]
        assert endpoint["zone"] == endpoint["nodeName"].replace("node", "zone")
        assert endpoint["conditions"] == {"ready": True, "serving": True, "terminating": False}

    play(scenario)


def test_a_service_without_pods_has_one_empty_slice(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await service(here)
        (only,) = await here.until(lambda: here.slices("web"), lambda seen: len(seen) == 1)
        assert not only["endpoints"]

    play(scenario)


def test_readiness_and_termination_show_in_the_conditions(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        here.unready.add("sick")
        here.lingering.add("leaving")
        await service(here)
        await here.pod("sick")
        await here.pod("leaving")
        await here.until(lambda: here.endpoints("web"), lambda seen: set(seen) == {"sick", "leaving"})
        await here.client.delete(PODS, "leaving", here.namespace, grace=30)
        leaving = {"ready": False, "serving": True, "terminating": True}
        seen = await here.until(lambda: here.endpoints("web"), lambda seen: seen["leaving"]["conditions"] == leaving)
        assert seen["sick"]["conditions"] == {"ready": False, "serving": False, "terminating": False}
        here.lingering.clear()
        await here.until(lambda: here.endpoints("web"), lambda seen: set(seen) == {"sick"})

    play(scenario)


def test_not_ready_addresses_are_published_when_asked_for(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        here.unready.add("sick")
        await service(here, publishNotReadyAddresses=True)
        await here.pod("sick")
        seen = await here.until(lambda: here.endpoints("web"), lambda seen: "sick" in seen)
        assert seen["sick"]["conditions"] == {"ready": True, "serving": False, "terminating": False}

    play(scenario)


def test_a_named_port_is_looked_up_in_each_pod_and_its_sidecars(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await service(here, ports=[HTTP | {"targetPort": "web"}])
        await here.pod("one", ports=[{"name": "web", "containerPort": 8001}])
        await here.pod("two", ports=[{"name": "web", "containerPort": 8002}])
        sidecar = {"name": "side", "image": "nginx", "restartPolicy": "Always"}
        sidecar |= {"ports": [{"name": "web", "containerPort": 8003}]}
        await here.pod("three", initContainers=[sidecar])
        await here.until(lambda: here.endpoints("web"), lambda seen: len(seen) == 3)
        ports = {
            one["targetRef"]["name"]: each["ports"][0]["port"]
            for each in await here.slices("web")
            for one in each["endpoints"]
        }
        assert ports == {"one": 8001, "two": 8002, "three": 8003}

    play(scenario)


def test_headless_slices_carry_the_label_and_hostnames(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await service(here, clusterIP="None")
        await here.pod("one", hostname="first", subdomain="web")
        seen = await here.until(lambda: here.endpoints("web"), lambda seen: "one" in seen)
        assert seen["one"]["hostname"] == "first"
        (only,) = await here.slices("web")
        assert only["metadata"]["labels"]["service.kubernetes.io/headless"] == ""

    play(scenario)


def test_an_external_name_gets_no_slices(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        external = {"type": "ExternalName", "externalName": "example.com", "selector": {"app": "web"}}
        await here.create(SERVICES, "name", spec=external)
        await service(here)
        await here.pod("one")
        await here.until(lambda: here.endpoints("web"), lambda seen: "one" in seen)
        assert await here.slices("name") == []

    play(scenario)


def test_changing_labels_moves_a_pod_between_services(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await service(here)
        await service(here, "other", selector={"app": "other"})
        await here.pod("one")
        await here.until(lambda: here.endpoints("web"), lambda seen: "one" in seen)
        patch = {"metadata": {"labels": {"app": "other"}}}
        await here.client.patch(PODS, "one", patch, here.namespace, type=PatchType.MERGE)
        await here.until(lambda: here.endpoints("other"), lambda seen: "one" in seen)
        await here.until(lambda: here.endpoints("web"), lambda seen: not seen)

    play(scenario)


def test_slices_go_with_their_service(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await service(here)
        await here.until(lambda: here.slices("web"), len)
        await here.client.delete(SERVICES, "web", here.namespace)
        await here.until(lambda: here.slices("web"), lambda seen: not seen)

    play(scenario)
