"""Each fault changes what it says it changes, and the same scenario without it shows the right thing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from svcproof.api_kinds import ENDPOINTS, PODS, SERVICES
from svcproof.lab.faults.controllers import FAULTS
from tests.lab.controllers.stage import Stage

Look = Callable[[Stage], Awaitable[Any]]
NAMED = [{"name": "http", "port": 80, "targetPort": "web"}]
PLAIN = [{"name": "http", "port": 80, "targetPort": 8080}, {"name": "more", "port": 81, "targetPort": 8081}]


async def _web(here: Stage, **spec: Any) -> None:
    await here.create(SERVICES, "web", spec={"selector": {"app": "web"}, "ports": PLAIN, **spec})


async def _settled(here: Stage, service: str = "web") -> dict[str, Any]:
    """Endpoints of a Service once all that happened before has had its turn.

    A pod and a Service that come last are handled last, so when the one is an endpoint of the other, all is done.
    """
    await here.until(here.pods, lambda pods: all((one.get("status") or {}).get("podIP") for one in pods))
    await here.create(SERVICES, "last", spec={"selector": {"app": "last"}, "ports": PLAIN})
    await here.pod("last", labels={"app": "last"})
    await here.until(lambda: here.endpoints("last"), lambda seen: "last" in seen)
    found = await here.endpoints(service)
    found.pop("last", None)
    return found


async def strangers(here: Stage) -> Any:
    await _web(here)
    await here.pod("one")
    await here.pod("stranger", labels={"app": "other"})
    await here.until(lambda: here.endpoints("web"), len)
    return sorted(await _settled(here))


async def unready(here: Stage) -> Any:
    here.unready.add("sick")
    await _web(here)
    await here.pod("sick")
    await here.until(lambda: here.endpoints("web"), len)
    return (await here.endpoints("web"))["sick"]["conditions"]["ready"]


async def published(here: Stage) -> Any:
    here.unready.add("sick")
    await _web(here, publishNotReadyAddresses=True)
    await here.pod("sick")
    await here.until(lambda: here.endpoints("web"), len)
    return (await here.endpoints("web"))["sick"]["conditions"]["ready"]


async def removed(here: Stage) -> Any:
    await _web(here)
    await here.pod("one")
    await here.until(lambda: here.endpoints("web"), len)
    await here.client.delete(PODS, "one", here.namespace, grace=0)
    await here.pod("two")
    await here.until(lambda: here.endpoints("web"), lambda seen: "two" in seen)
    return sorted(await _settled(here))


async def named(here: Stage) -> Any:
    await _web(here, ports=NAMED)
    for name, port in (("one", 8001), ("two", 8002)):
        await here.pod(name, ports=[{"name": "web", "containerPort": port}])
    await here.until(lambda: here.endpoints("web"), lambda seen: len(seen) == 2)
    return len({one["ports"][0]["port"] for one in await here.slices("web")})


async def sidecar(here: Stage) -> Any:
    port = {"name": "web", "containerPort": 8003}
    await _web(here, ports=NAMED)
    await here.pod(
        "one", initContainers=[{"name": "side", "image": "nginx", "restartPolicy": "Always", "ports": [port]}]
    )
    await here.until(lambda: here.endpoints("web"), len)
    return [port["port"] for one in await here.slices("web") for port in one["ports"] or ()]


async def external(here: Stage) -> Any:
    await _web(here, type="ExternalName", externalName="example.com")
    await here.pod("one")
    return sorted(await _settled(here))


async def leaving(here: Stage) -> Any:
    here.lingering.add("one")
    await _web(here)
    await here.pod("one")
    await here.until(lambda: here.endpoints("web"), lambda seen: seen and seen["one"]["conditions"]["ready"])
    await here.client.delete(PODS, "one", here.namespace, grace=30)
    seen = await _settled(here)
    return seen["one"]["conditions"]["ready"]


async def ports(here: Stage) -> Any:
    await _web(here)
    await here.pod("one")
    await here.until(lambda: here.endpoints("web"), len)
    return [port["port"] for one in await here.slices("web") for port in one["ports"] or ()]


async def hinted(here: Stage) -> Any:
    await _web(here, trafficDistribution="PreferSameNode")
    await here.pod("one")
    await here.until(lambda: here.endpoints("web"), len)
    one = (await here.endpoints("web"))["one"]
    node = one["nodeName"]
    wanted = {"forZones": [{"name": node.replace("node", "zone")}], "forNodes": [{"name": node}]}
    return "none" if not one.get("hints") else one["hints"] == wanted


async def node_names(here: Stage) -> Any:
    await _web(here)
    await here.pod("one")
    await here.until(lambda: here.endpoints("web"), len)
    return "nodeName" in (await here.endpoints("web"))["one"]


async def mirrored(here: Stage) -> Any:
    await here.create(SERVICES, "hand", spec={"ports": PLAIN})
    await here.create(ENDPOINTS, "hand", subsets=[{"addresses": [{"ip": "192.0.2.1"}], "ports": [{"port": 80}]}])
    await _settled(here)
    if not here.faults:
        await here.until(lambda: here.slices("hand"), len)
    return len(await here.slices("hand"))


async def headless(here: Stage) -> Any:
    await _web(here, clusterIP="None")
    (only,) = await here.until(lambda: here.slices("web"), len)
    return "service.kubernetes.io/headless" in only["metadata"]["labels"]


PAIRS: dict[str, tuple[Look, Any, Any]] = {
    "selector-ignored": (strangers, ["one"], ["one", "stranger"]),
    "unready-endpoints-ready": (unready, False, True),
    "endpoints-never-removed": (removed, ["two"], ["one", "two"]),
    "named-port-as-number-of-first-pod": (named, 2, 1),
    "external-name-gets-endpoints": (external, [], ["one"]),
    "terminating-kept-ready": (leaving, False, True),
    "target-port-ignored": (ports, [8080, 8081], [80, 81]),
    "undeclared-ports-left-out": (ports, [8080, 8081], []),
    "first-port-only": (ports, [8080, 8081], [8080]),
    "no-hints": (hinted, True, "none"),
    "no-node-names": (node_names, True, False),
    "sidecar-ports-unknown": (sidecar, [8003], []),
    "not-ready-addresses-withheld": (published, True, False),
    "no-mirroring": (mirrored, 1, 0),
    "no-headless-label": (headless, True, False),
}


def test_every_fault_of_the_controllers_is_shown() -> None:
    assert PAIRS.keys() == {fault.name for fault in FAULTS}


@pytest.mark.parametrize("name", sorted(PAIRS))
@pytest.mark.parametrize("switched_on", [False, True], ids=["sound", "faulty"])
@pytest.mark.parametrize("plane", ["builtin"], indirect=True)
def test_a_fault_shows(name: str, switched_on: bool, play: Any) -> None:
    look, sound, faulty = PAIRS[name]
    expected = faulty if switched_on else sound

    async def scenario(here: Stage) -> None:
        assert await look(here) == expected

    play(scenario, *([name] if switched_on else []))
