"""StatefulSets, DaemonSets, ReplicationControllers and Jobs."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from svcproof.api_kinds import (
    CONTROLLER_REVISIONS,
    DAEMON_SETS,
    JOBS,
    PODS,
    REPLICATION_CONTROLLERS,
    STATEFUL_SETS,
    STORAGE_CLAIMS,
    ApiKind,
)
from svcproof.lab.client import PatchType
from tests.lab.controllers.stage import Stage

Play = Callable[..., None]
LABELS = {"app": "web"}


def template(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "main", "image": "nginx"}], **spec}}


async def workload(here: Stage, resource: ApiKind, **spec: Any) -> None:
    given = {"selector": {"matchLabels": LABELS}, "template": template(), **spec}
    await here.create(resource, "web", spec=given)


def status(here: Stage, resource: ApiKind) -> Callable[[], Awaitable[dict[str, Any]]]:
    async def look() -> dict[str, Any]:
        found = await here.client.get(resource, "web", here.namespace)
        fresh = (found.get("status") or {}).get("observedGeneration") == found["metadata"]["generation"]
        return found.get("status") or {} if fresh or resource is JOBS else {}

    return look


async def new_template(here: Stage, resource: ApiKind) -> None:
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


def test_each_pod_of_a_stateful_set_has_claims_of_its_own_that_outlive_it(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
        mounting = template(volumes=[{"name": "scratch"}, {"name": "data", "emptyDir": {}}])
        mounting["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
        templates = [{"metadata": {"name": "data"}, "spec": claim}]
        await workload(here, STATEFUL_SETS, replicas=2, template=mounting, volumeClaimTemplates=templates)
        await here.until(status(here, STATEFUL_SETS), lambda seen: seen.get("readyReplicas") == 2)
        pod = await here.client.get(PODS, "web-1", here.namespace)
        volumes = {one["name"]: one for one in pod["spec"]["volumes"]}
        assert volumes["data"] == {"name": "data", "persistentVolumeClaim": {"claimName": "data-web-1"}}
        assert "scratch" in volumes
        await here.client.patch(STATEFUL_SETS, "web", {"spec": {"replicas": 1}}, here.namespace)
        await here.until(here.pods, lambda pods: len(pods) == 1)
        claims = (await here.client.list(STORAGE_CLAIMS, here.namespace))["items"]
        assert {one["metadata"]["name"]: one["metadata"]["labels"] for one in claims} == {
            "data-web-0": LABELS,
            "data-web-1": LABELS,
        }
        await here.client.patch(STATEFUL_SETS, "web", {"spec": {"replicas": 2}}, here.namespace)
        await here.until(status(here, STATEFUL_SETS), lambda seen: seen.get("readyReplicas") == 2)

    play(scenario)


def test_a_replication_controller_keeps_as_many_pods_as_it_asks_for(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        spec = {"replicas": 2, "selector": LABELS, "template": template()}
        await here.create(REPLICATION_CONTROLLERS, "web", spec=spec)
        await here.until(status(here, REPLICATION_CONTROLLERS), lambda seen: seen.get("readyReplicas") == 2)
        owners = [one["metadata"]["ownerReferences"][0] for one in await here.pods()]
        assert {(one["apiVersion"], one["kind"], one["name"]) for one in owners} == {
            ("v1", "ReplicationController", "web")
        }
        await here.client.delete(REPLICATION_CONTROLLERS, "web", here.namespace, propagation="Background")
        await here.until(here.pods, lambda pods: not pods)

    play(scenario)


@pytest.mark.parametrize("resource", [DAEMON_SETS, STATEFUL_SETS], ids=lambda resource: resource.kind)
def test_the_templates_that_pods_were_made_from_are_kept_and_numbered(play: Play, resource: ApiKind) -> None:
    async def revisions(here: Stage) -> dict[int, str | None]:
        listed = (await here.client.list(CONTROLLER_REVISIONS, here.namespace))["items"]
        templates = {one["revision"]: one["data"]["spec"]["template"] for one in listed}
        return {
            number: (template["metadata"].get("annotations") or {}).get("version")
            for number, template in templates.items()
        }

    async def scenario(here: Stage) -> None:
        await workload(here, resource, revisionHistoryLimit=1)
        await here.until(lambda: revisions(here), lambda seen: seen == {1: None})
        await new_template(here, resource)
        await here.until(lambda: revisions(here), lambda seen: seen == {1: None, 2: "2"})
        first = {"spec": {"template": {"metadata": {"annotations": None}}}}
        await here.client.patch(resource, "web", first, here.namespace)
        await here.until(lambda: revisions(here), lambda seen: seen == {2: "2", 3: None})
        third = {"spec": {"template": {"metadata": {"annotations": {"version": "3"}}}}}
        await here.client.patch(resource, "web", third, here.namespace)
        await here.until(lambda: revisions(here), lambda seen: seen == {3: None, 4: "3"})
        await here.client.delete(resource, "web", here.namespace, propagation="Background")
        await here.until(lambda: revisions(here), lambda seen: not seen)

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


def test_a_job_without_a_number_of_completions_ends_with_the_first_success_and_the_last_pod(play: Play) -> None:
    async def end(here: Stage, name: str) -> None:
        status = {"status": {"phase": "Succeeded"}}
        await here.client.patch(PODS, name, status, here.namespace, type=PatchType.STRATEGIC, subresource="status")

    async def scenario(here: Stage) -> None:
        await here.create(JOBS, "web", spec={"template": template(restartPolicy="Never"), "parallelism": 2})
        pods = await here.until(
            here.pods, lambda pods: len(pods) == 2 and all("podIP" in one["status"] for one in pods)
        )
        first, second = (one["metadata"]["name"] for one in pods)
        await end(here, first)
        seen = await here.until(status(here, JOBS), lambda seen: seen.get("succeeded") == 1)
        assert (seen["active"], seen.get("conditions")) == (1, None)
        await end(here, second)
        seen = await here.until(status(here, JOBS), lambda seen: seen.get("conditions"))
        assert seen["succeeded"] == len(await here.pods()) == 2

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
