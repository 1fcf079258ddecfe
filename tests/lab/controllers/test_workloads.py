from collections.abc import Callable
from typing import Any

from svcproof.api_kinds import (
    DEPLOYMENTS,
    ENDPOINTS,
    EVENTS,
    NAMESPACES,
    NODES,
    PODS,
    REPLICA_SETS,
    SERVICES,
)
from tests.lab.controllers.stage import Stage

Play = Callable[..., None]
LABELS = {"app": "web"}


async def deployment(here: Stage, replicas: int = 2, **spec: Any) -> None:
    template = {"metadata": {"labels": LABELS}, "spec": {"containers": [{"name": "main", "image": "nginx"}]}}
    given = {"replicas": replicas, "selector": {"matchLabels": LABELS}, "template": template, **spec}
    await here.create(DEPLOYMENTS, "web", spec=given)


async def status(here: Stage) -> dict[str, Any]:
    found = await here.client.get(DEPLOYMENTS, "web", here.namespace)
    return {**(found.get("status") or {}), "generation": found["metadata"]["generation"]}


def complete(replicas: int) -> Callable[[dict[str, Any]], bool]:
    def check(seen: dict[str, Any]) -> bool:
        counts = {seen.get(key, 0) for key in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")}
        return counts == {replicas} and seen.get("observedGeneration") == seen["generation"]

    return check


def test_a_deployment_spreads_its_pods_over_the_nodes(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 4)
        await here.until(lambda: status(here), complete(4))
        nodes = [one["spec"]["nodeName"] for one in await here.pods()]
        assert sorted(nodes) == ["node-a", "node-a", "node-b", "node-b"]

    play(scenario)


def test_a_deployment_scales_up_and_down(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 1)
        for replicas in (3, 0):
            await here.client.patch(DEPLOYMENTS, "web", {"spec": {"replicas": replicas}}, here.namespace)
            await here.until(lambda: status(here), complete(replicas))
        await here.until(here.pods, lambda pods: not pods)

    play(scenario)


def test_a_new_template_is_rolled_out_without_falling_below_the_minimum(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 3, strategy={"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}})
        await here.until(lambda: status(here), complete(3))
        template = {"metadata": {"annotations": {"version": "2"}}}
        await here.client.patch(DEPLOYMENTS, "web", {"spec": {"template": template}}, here.namespace)
        lowest = []

        async def watch() -> dict[str, Any]:
            seen = await status(here)
            lowest.append(seen.get("availableReplicas", 0))
            return seen

        done = complete(3)
        await here.until(watch, lambda seen: done(seen) and seen["generation"] > 1)
        assert min(lowest) >= 3
        sets = (await here.client.list(REPLICA_SETS, here.namespace))["items"]
        revisions = {one["metadata"]["annotations"]["deployment.kubernetes.io/revision"] for one in sets}
        assert revisions == {"1", "2"}

    play(scenario)


def test_replica_sets_keep_the_cause_of_each_change_and_the_sizes_of_the_rollout(play: Play) -> None:
    async def change(here: Stage, cause: str, image: str) -> None:
        container = [{"name": "main", "image": image}]
        spec = {"template": {"spec": {"containers": container}}}
        metadata = {"annotations": {"kubernetes.io/change-cause": cause}}
        await here.client.patch(DEPLOYMENTS, "web", {"metadata": metadata, "spec": spec}, here.namespace)

    async def annotations(here: Stage) -> dict[str, dict[str, str]]:
        sets = (await here.client.list(REPLICA_SETS, here.namespace))["items"]
        return {
            one["spec"]["template"]["spec"]["containers"][0]["image"]: one["metadata"]["annotations"] for one in sets
        }

    async def scenario(here: Stage) -> None:
        await deployment(here, 3)
        await here.until(lambda: status(here), complete(3))
        for cause, image in (("first", "nginx:1"), ("second", "nginx:2"), ("third", "nginx:1")):
            await change(here, cause, image)
            await here.until(
                lambda: annotations(here),
                lambda seen, image=image, cause=cause: seen.get(image, {}).get("kubernetes.io/change-cause") == cause,
            )
        prefix = "deployment.kubernetes.io/"
        seen = await here.until(lambda: annotations(here), lambda seen: seen["nginx:1"].get(f"{prefix}revision") == "4")
        assert seen["nginx:2"]["kubernetes.io/change-cause"] == "second"
        assert seen["nginx:1"] == {
            "kubernetes.io/change-cause": "third",
            f"{prefix}revision": "4",
            f"{prefix}revision-history": "2",
            f"{prefix}desired-replicas": "3",
            f"{prefix}max-replicas": "4",
        }

    play(scenario)


def test_recreate_ends_the_old_pods_before_it_starts_new_ones(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 2, strategy={"type": "Recreate"})
        await here.until(lambda: status(here), complete(2))
        before = {one["metadata"]["uid"] for one in await here.pods()}
        template = {"metadata": {"annotations": {"version": "2"}}}
        await here.client.patch(DEPLOYMENTS, "web", {"spec": {"template": template}}, here.namespace)
        await here.until(lambda: status(here), lambda seen: complete(2)(seen) and seen["generation"] > 1)
        assert before.isdisjoint(one["metadata"]["uid"] for one in await here.pods())

    play(scenario)


def test_a_pod_that_loses_its_labels_is_let_go_and_replaced(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 1)
        await here.until(lambda: status(here), complete(1))
        (pod,) = await here.pods()
        patch = {"metadata": {"labels": {"app": "debug"}}}
        await here.client.patch(PODS, pod["metadata"]["name"], patch, here.namespace)
        pods = await here.until(here.pods, lambda pods: len(pods) == 2)
        released = await here.until(
            lambda: here.client.get(PODS, pod["metadata"]["name"], here.namespace),
            lambda seen: not seen["metadata"].get("ownerReferences"),
        )
        assert released["metadata"]["uid"] in {one["metadata"]["uid"] for one in pods}

    play(scenario)


def test_deleting_a_deployment_takes_its_pods_with_it(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 2)
        await here.until(lambda: status(here), complete(2))
        await here.client.delete(DEPLOYMENTS, "web", here.namespace, propagation="Background")
        await here.until(here.pods, lambda pods: not pods)

    play(scenario)


def test_foreground_deletion_waits_for_what_is_owned(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 1)
        await here.until(lambda: status(here), complete(1))
        (pod,) = await here.pods()
        here.lingering.add(pod["metadata"]["name"])
        await here.client.delete(DEPLOYMENTS, "web", here.namespace, propagation="Foreground")
        await here.until(here.pods, lambda pods: all("deletionTimestamp" in one["metadata"] for one in pods))
        assert (await here.client.get(DEPLOYMENTS, "web", here.namespace))["metadata"]["deletionTimestamp"]
        here.lingering.clear()
        await here.until(lambda: here.client.list(DEPLOYMENTS, here.namespace), lambda seen: not seen["items"])

    play(scenario)


def test_orphaned_pods_stay(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 1)
        await here.until(lambda: status(here), complete(1))
        await here.client.delete(DEPLOYMENTS, "web", here.namespace, propagation="Orphan")
        await here.until(lambda: here.client.list(DEPLOYMENTS, here.namespace), lambda seen: not seen["items"])
        (kept,) = (await here.client.list(REPLICA_SETS, here.namespace))["items"]
        assert not kept["metadata"].get("ownerReferences")
        assert len(await here.pods()) == 1

    play(scenario)


def test_a_namespace_goes_with_all_that_is_in_it(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await deployment(here, 1)
        await here.create(SERVICES, "web", spec={"selector": LABELS, "ports": [{"port": 80}]})
        await here.until(lambda: here.endpoints("web"), len)
        await here.client.delete(NAMESPACES, here.namespace)
        await here.until(lambda: namespaces(here), lambda seen: here.namespace not in seen)

    play(scenario)


async def namespaces(here: Stage) -> set[str]:
    return {one["metadata"]["name"] for one in (await here.client.list(NAMESPACES))["items"]}


def test_a_pod_that_fits_nowhere_says_why_and_is_placed_once_a_node_fits(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await here.pod("one", nodeSelector={"disk": here.namespace})

        async def events() -> list[str]:
            found = (await here.client.list(EVENTS, here.namespace))["items"]
            return [one["reason"] for one in found]

        await here.until(events, lambda seen: "FailedScheduling" in seen)
        patch = {"metadata": {"labels": {"disk": here.namespace}}}
        await here.client.patch(NODES, "node-b", patch)
        await here.until(here.pods, lambda pods: pods[0]["spec"].get("nodeName") == "node-b")

    play(scenario)


def test_endpoints_list_ready_and_unready_addresses(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        here.unready.add("sick")
        await here.create(SERVICES, "web", spec={"selector": LABELS, "ports": [{"port": 80, "targetPort": 8080}]})
        await here.pod("one")
        await here.pod("sick")

        async def subsets() -> list[dict[str, Any]]:
            found = (await here.client.list(ENDPOINTS, here.namespace))["items"]
            return [subset for one in found for subset in one.get("subsets") or ()]

        (only,) = await here.until(subsets, lambda seen: seen and len(seen[0]) == 3)
        assert [one["targetRef"]["name"] for one in only["addresses"]] == ["one"]
        assert [one["targetRef"]["name"] for one in only["notReadyAddresses"]] == ["sick"]

    play(scenario)


def test_endpoints_made_by_hand_are_mirrored_and_followed(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await here.create(SERVICES, "hand", spec={"ports": [{"port": 80}]})
        two = [{"addresses": [{"ip": "192.0.2.1"}, {"ip": "192.0.2.2"}], "ports": [{"port": 81}]}]
        await here.create(ENDPOINTS, "hand", subsets=two)
        (mirror,) = await here.until(lambda: here.slices("hand"), len)
        assert [one["addresses"] for one in mirror["endpoints"]] == [["192.0.2.1"], ["192.0.2.2"]]
        one = {"subsets": [{"addresses": [{"ip": "192.0.2.3"}], "ports": [{"port": 81}]}]}
        await here.client.patch(ENDPOINTS, "hand", one, here.namespace)
        wanted = [["192.0.2.3"]]
        await here.until(
            lambda: here.slices("hand"),
            lambda seen: [one["addresses"] for each in seen for one in each["endpoints"] or ()] == wanted,
        )
        await here.client.delete(ENDPOINTS, "hand", here.namespace)
        await here.until(lambda: here.slices("hand"), lambda seen: not seen)

    play(scenario)
