"""StatefulSets, DaemonSets and Jobs."""

from collections.abc import Awaitable, Callable
from typing import Any

from harness.lab.client import PatchType, Resource
from harness.lab.client.resource import DAEMON_SETS, JOBS, PODS, STATEFUL_SETS
from tests.lab.controllers.stage import Stage

Play = Callable[..., None]
LABELS = {"app": "web"}


def template(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "main", "image": "nginx"}], **spec}}


async def workload(here: Stage, resource: Resource, **spec: Any) -> None:
    given = {"selector": {"matchLabels": LABELS}, "template": template(), **spec}
    await here.create(resource, "web", spec=given)


def status(here: Stage, resource: Resource) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def look() -> dict[str, Any]:
        found = await here.client.get(resource, "web", here.namespace)
        fresh = (found.get("status") or {}).get("observedGeneration") == found["metadata"]["generation"]
        return found.get("status") or {} if fresh or resource is JOBS else {}

    return look


async def new_template(here: Stage, resource: Resource) -> None:
    patch = {"spec": {"template": {"metadata": {"annotations": {"version": "2"}}}}}
    await here.client.patch(resource, "web", patch, here.namespace)


async def uids(here: Stage) -> set[str]:
    return {one["metadata"]["uid"] for one in await here.pods()}


def test_pods_of_a_stateful_set_come_in_order_with_names_of_their_own(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        here.unready.add("web-0")
        await workload(here, STATEFUL_SETS, replicas=2, serviceName="peers")
        await here.until(here.pods, lambda pods: len(pods) == 1 and pods[0]["status"].get("podIP"))
        assert len(await here.pods()) == 1
        here.unready.clear()
        await here.until(status(here, STATEFUL_SETS), lambda seen: seen.get("readyReplicas") == 2)
        names = {one["metadata"]["name"]: one["spec"] for one in await here.pods()}
        assert set(names) == {"web-0", "web-1"}
        assert (names["web-1"]["hostname"], names["web-1"]["subdomain"]) == ("web-1", "peers")

    play(scenario)


def test_a_stateful_set_shrinks_from_its_end_and_replaces_what_is_outdated(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await workload(here, STATEFUL_SETS, replicas=2, serviceName="peers")
        await here.until(status(here, STATEFUL_SETS), lambda seen: seen.get("readyReplicas") == 2)
        before = await uids(here)
        await new_template(here, STATEFUL_SETS)
        await here.until(
            status(here, STATEFUL_SETS),
            lambda seen: seen.get("updatedReplicas") == 2 == seen.get("readyReplicas"),
        )
        assert before.isdisjoint(await uids(here))
        await here.client.patch(STATEFUL_SETS, "web", {"spec": {"replicas": 1}}, here.namespace)
        await here.until(here.pods, lambda pods: [one["metadata"]["name"] for one in pods] == ["web-0"])

    play(scenario)


def test_a_daemon_set_has_a_pod_on_every_node_and_renews_them_one_by_one(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await workload(here, DAEMON_SETS)
        await here.until(status(here, DAEMON_SETS), lambda seen: seen.get("numberReady") == 2)
        before = await uids(here)
        assert {one["spec"]["nodeName"] for one in await here.pods()} == {"node-a", "node-b"}
        await new_template(here, DAEMON_SETS)
        await here.until(
            status(here, DAEMON_SETS),
            lambda seen: seen.get("updatedNumberScheduled") == 2 == seen.get("numberReady"),
        )
        assert before.isdisjoint(await uids(here))

    play(scenario)


def test_a_job_runs_until_enough_pods_have_succeeded(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        job = {"template": template(restartPolicy="Never"), "completions": 2, "parallelism": 1}
        await here.create(JOBS, "web", spec=job)
        for done in range(2):
            active = await here.until(here.pods, lambda pods, done=done: len(pods) == done + 1)
            running = next(one for one in active if (one.get("status") or {}).get("phase") != "Succeeded")
            name = running["metadata"]["name"]
            await here.until(
                lambda name=name: here.client.get(PODS, name, here.namespace),
                lambda seen: (seen.get("status") or {}).get("podIP"),
            )
            succeeded = {"status": {"phase": "Succeeded"}}
            await here.client.patch(
                PODS, name, succeeded, here.namespace, type=PatchType.STRATEGIC, subresource="status"
            )
        seen = await here.until(status(here, JOBS), lambda seen: seen.get("succeeded") == 2)
        assert {one["type"] for one in seen["conditions"]} == {"Complete", "SuccessCriteriaMet"}

    play(scenario)
