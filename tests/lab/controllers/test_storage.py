"""Claims and volumes: who gets which, and what becomes of them."""

from collections.abc import Callable
from typing import Any

import pytest

from svcproof.api_kinds import EVENTS, PODS, STORAGE_CLAIMS, STORAGE_CLASSES, VOLUMES
from svcproof.lab.controllers.storage import DEFAULT, fits
from tests.lab.controllers.stage import Object, Stage

RWO = "ReadWriteOnce"


Play = Callable[..., None]


def claim_spec(**more: Any) -> Object:
    return {"accessModes": [RWO], "resources": {"requests": {"storage": "1Mi"}}, **more}


async def claims(here: Stage) -> dict[str, Object]:
    return {one["metadata"]["name"]: one for one in (await here.client.list(STORAGE_CLAIMS, here.namespace))["items"]}


async def volumes_of(here: Stage) -> list[Object]:
    found = (await here.client.list(VOLUMES))["items"]
    return [one for one in found if (one["spec"].get("claimRef") or {}).get("namespace") == here.namespace]


async def wait_until_bound(here: Stage, name: str) -> Object:
    seen = await here.until(lambda: claims(here), lambda found: found[name].get("status", {}).get("phase") == "Bound")
    return seen[name]


def volume(name: str, storage: str, **more: Any) -> Object:
    spec = {"capacity": {"storage": storage}, "accessModes": [RWO], "hostPath": {"path": f"/srv/{name}"}, **more}
    return {"metadata": {"name": name}, "spec": spec}


def test_a_claim_of_the_default_class_gets_a_volume_that_goes_with_it(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        await here.create(STORAGE_CLAIMS, "data", spec=claim_spec(storageClassName="standard"))
        bound = await wait_until_bound(here, "data")
        (made,) = await volumes_of(here)
        assert bound["spec"]["volumeName"] == made["metadata"]["name"]
        assert bound["status"]["capacity"] == {"storage": "1Mi"}
        storage_class = await here.client.get(STORAGE_CLASSES, "standard")
        assert storage_class["metadata"]["annotations"] == {DEFAULT: "true"}
        await here.client.delete(STORAGE_CLAIMS, "data", here.namespace)
        await here.until(lambda: volumes_of(here), lambda found: not found)

    play(scenario)


def test_the_smallest_volume_that_is_enough_is_bound_and_released_in_the_end(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        for name, storage in (("big", "9Gi"), ("fitting", "2Mi"), ("small", "1Ki")):
            await here.client.create(
                VOLUMES, volume(f"{here.namespace}-{name}", storage, storageClassName=here.namespace)
            )
        await here.create(STORAGE_CLAIMS, "data", spec=claim_spec(storageClassName=here.namespace))
        bound = await wait_until_bound(here, "data")
        assert bound["spec"]["volumeName"] == f"{here.namespace}-fitting"
        await here.client.delete(STORAGE_CLAIMS, "data", here.namespace)

        async def phases() -> dict[str, str]:
            found = (await here.client.list(VOLUMES))["items"]
            ours = [one for one in found if one["spec"].get("storageClassName") == here.namespace]
            return {one["metadata"]["name"].rpartition("-")[2]: one["status"]["phase"] for one in ours}

        expected = {"big": "Available", "fitting": "Released", "small": "Available"}
        await here.until(phases, lambda seen: seen == expected)

    play(scenario)


def test_two_claims_do_not_get_one_volume(play: Play) -> None:
    async def scenario(here: Stage) -> None:
        for name in ("one", "two"):
            await here.create(STORAGE_CLAIMS, name, spec=claim_spec(storageClassName=here.namespace))
        names = {f"{here.namespace}-a", f"{here.namespace}-b"}
        for name in names:
            await here.client.create(VOLUMES, volume(name, "1Mi", storageClassName=here.namespace))
        first, second = await wait_until_bound(here, "one"), await wait_until_bound(here, "two")
        assert {first["spec"]["volumeName"], second["spec"]["volumeName"]} == names

    play(scenario)


@pytest.mark.parametrize(
    ("claimed", "message"),
    [
        (claim_spec(storageClassName="gp2"), "pod has unbound immediate PersistentVolumeClaims"),
        (claim_spec(storageClassName=""), "pod has unbound immediate PersistentVolumeClaims"),
        (None, 'persistentvolumeclaim "data" not found'),
    ],
)
def test_a_pod_waits_for_its_claim_in_the_schedulers_words(play: Play, claimed: Object | None, message: str) -> None:
    async def scenario(here: Stage) -> None:
        if claimed:
            await here.create(STORAGE_CLAIMS, "data", spec=claimed)
        await here.pod("waits", volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}])

        async def condition() -> str:
            pod = await here.client.get(PODS, "waits", here.namespace)
            found = (pod.get("status") or {}).get("conditions") or ()
            return next((one.get("message", "") for one in found if one["type"] == "PodScheduled"), "")

        await here.until(condition, lambda seen: message in seen)
        if claimed and claimed["storageClassName"]:
            events = (await here.client.list(EVENTS, here.namespace))["items"]
            assert any('"gp2" not found' in event["message"] for event in events)
        if claimed:
            wanted = volume(f"{here.namespace}-late", "1Gi", storageClassName=claimed["storageClassName"])
            await here.client.create(VOLUMES, wanted)
        else:
            await here.create(STORAGE_CLAIMS, "data", spec=claim_spec(storageClassName="standard"))

        async def node() -> str:
            return str((await here.client.get(PODS, "waits", here.namespace))["spec"].get("nodeName", ""))

        await here.until(node, bool)

    play(scenario)


@pytest.mark.parametrize(
    ("more", "fitting"),
    [
        ({}, True),
        ({"accessModes": ["ReadOnlyMany"]}, False),
        ({"storageClassName": "other"}, False),
        ({"claimRef": {"namespace": "here", "name": "data"}}, True),
        ({"claimRef": {"namespace": "here", "name": "data", "uid": "old"}}, False),
        ({"claimRef": {"namespace": "there", "name": "data"}}, False),
    ],
)
def test_what_fits_a_claim(more: Object, fitting: bool) -> None:
    claim = {"metadata": {"namespace": "here", "name": "data", "uid": "u"}, "spec": claim_spec()}

    assert fits(volume("v", "1Mi", **more), claim) is fitting
