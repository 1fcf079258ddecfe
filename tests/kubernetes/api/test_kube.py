import itertools
import threading

import pytest

from svcproof.errors import Conflict, NotFound, ProbeError, ProvisionError, Rejected, UsageError
from svcproof.kubernetes.api import Kube

NUMBERS = itertools.count(1)


@pytest.fixture
def name():
    return f"thing-{next(NUMBERS)}"


def config_map(name, namespace="default", **data):
    metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def service(name, **spec):
    ports = [{"port": 80, "protocol": "TCP"}]
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": ports, **spec}}


def test_an_object_comes_back_whole(kube, name):
    made = kube.create(service(name))

    assert made["spec"]["clusterIP"].startswith("10.96.")
    assert kube.get("Service", name, "default") == made
    assert kube.get("v1 Service", name, "default")["metadata"]["uid"] == made["metadata"]["uid"]


def test_kinds_of_other_groups_are_named_with_or_without_it(kube, name):
    metadata = {"name": name, "namespace": "default"}
    slices = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": metadata}
    made = kube.create({**slices, "addressType": "IPv4", "endpoints": []})

    assert kube.get("discovery.k8s.io/v1 EndpointSlice", name, "default") == made
    assert kube.get("EndpointSlice", name, "default") == made


def test_what_has_no_namespace_is_named_alone(kube):
    assert kube.get("Namespace", "default")["metadata"]["name"] == "default"


def test_lists_are_of_a_namespace_or_of_all_and_of_a_label(kube, name):
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    kube.create(config_map(name, namespace="default"))
    kube.create(config_map(name, namespace=name))

    assert [one["metadata"]["name"] for one in kube.list("ConfigMap", name, f"app={name}")] == [name]
    assert len(kube.list("ConfigMap", labels=f"app={name}")) == 2
    assert kube.list("ConfigMap", labels=f"app={name},tier") == []


def test_a_patch_merges_and_null_removes(kube, name):
    kube.create(config_map(name, keep="1", lose="2"))

    patched = kube.patch("ConfigMap", name, "default", {"data": {"lose": None, "more": "3"}})

    assert patched["data"] == {"keep": "1", "more": "3"}


def test_a_patch_of_the_status_leaves_the_rest_alone(kube, name):
    made = kube.create(service(name, type="LoadBalancer"))

    status = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1", "ipMode": "VIP"}]}}
    patched = kube.patch("Service", name, "default", {"spec": {"ports": []}, "status": status}, status=True)

    assert patched["status"] == status
    assert patched["spec"] == made["spec"]


def test_a_json_patch_is_a_sequence(kube, name):
    kube.create(config_map(name, a="1"))

    patched = kube.patch("ConfigMap", name, "default", [{"op": "replace", "path": "/data/a", "value": "2"}])

    assert patched["data"] == {"a": "2"}


def test_apply_creates_and_then_changes(kube, name):
    kube.apply(config_map(name, a="1", b="1"))

    assert kube.apply(config_map(name, a="2", b="1"))["data"] == {"a": "2", "b": "1"}


def test_replace_keeps_what_only_the_server_knows(kube, name):
    made = kube.create(service(name, selector={"app": "web"}))

    replaced = kube.replace({**made, "spec": {**made["spec"], "selector": {"app": "other"}}})

    assert replaced["spec"]["selector"] == {"app": "other"}
    assert replaced["spec"].keys() == made["spec"].keys()


def test_replacing_an_old_version_is_a_conflict(kube, name):
    old = kube.create(config_map(name, a="1"))
    kube.patch("ConfigMap", name, "default", {"data": {"a": "2"}})

    with pytest.raises(Conflict):
        kube.replace(old)


def test_creating_twice_is_a_conflict(kube, name):
    kube.create(config_map(name))

    with pytest.raises(Conflict, match=f"create ConfigMap {name} in namespace default: the API server answered 409"):
        kube.create(config_map(name))


def test_what_is_not_there_is_not_found(kube, name):
    with pytest.raises(NotFound, match=f"get Service {name} in namespace default"):
        kube.get("Service", name, "default")


def test_a_refusal_says_why(kube, name):
    with pytest.raises(Rejected, match=r"spec\.ports\[0\]\.port") as caught:
        kube.create(service(name, ports=[{"port": 70_000}]))

    assert caught.value.code == 422
    assert "70000" in caught.value.message
    assert not isinstance(caught.value, NotFound | Conflict)


def test_deleting_twice_is_not_found_unless_that_is_fine(kube, name):
    kube.create(config_map(name))
    kube.delete("ConfigMap", name, "default")

    kube.delete("ConfigMap", name, "default", missing_ok=True)
    with pytest.raises(NotFound):
        kube.delete("ConfigMap", name, "default")


def test_waiting_returns_the_object_once_it_is_as_wanted(kube, name):
    def later():
        kube.create(config_map(name))
        kube.patch("ConfigMap", name, "default", {"data": {"state": "ready"}})

    thread = threading.Thread(target=later)
    thread.start()
    found = kube.wait("ConfigMap", name, "default", until=lambda one: "data" in one, within=20)
    thread.join()

    assert found["data"] == {"state": "ready"}


def test_waiting_in_vain_is_a_provision_error(kube, name):
    with pytest.raises(ProvisionError, match=f"waited for ConfigMap {name} in namespace default"):
        kube.wait("ConfigMap", name, "default", until=bool, within=0.1)


def test_waiting_for_a_list(kube, name):
    kube.create(config_map(name))

    listed = kube.wait_list("ConfigMap", "default", f"app={name}", until=bool, what="a ConfigMap", within=20)

    assert len(listed) == 1


def test_waiting_for_the_end(kube, name):
    kube.create(config_map(name))
    with pytest.raises(ProvisionError, match="waited for the end of"):
        kube.wait_gone("ConfigMap", name, "default", within=0.1)

    kube.delete("ConfigMap", name, "default")

    kube.wait_gone("ConfigMap", name, "default", within=20)


def test_a_watch_shows_each_change(kube, name):
    kube.create(config_map(name))
    events = kube.watch("ConfigMap", "default", f"app={name}", seconds=30)

    added = next(events)
    kube.patch("ConfigMap", name, "default", {"data": {"a": "1"}})
    modified = next(events)
    kube.delete("ConfigMap", name, "default")
    deleted = next(events)
    events.close()

    assert [event for event, _ in (added, modified, deleted)] == ["ADDED", "MODIFIED", "DELETED"]
    assert modified[1]["data"] == {"a": "1"}


def test_a_watch_ends(kube, name):
    assert list(kube.watch("ConfigMap", "default", f"app={name}", seconds=1)) == []


def test_the_version_is_known(kube):
    assert kube.version().startswith("v1.")


def test_threads_may_share_a_client(kube, name):
    failures = []

    def look():
        try:
            kube.list("Service")
            kube.get("Service", name, "default")
        except NotFound:
            pass
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=look) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_an_unknown_kind_is_refused_with_the_known_ones(kube):
    with pytest.raises(UsageError, match=r"unknown kind 'Servce'; known are .*Service"):
        kube.get("Servce", "web")


def test_a_server_that_is_not_there_is_a_probe_error(nobody):
    client = Kube(nobody)

    with pytest.raises(ProbeError, match="get Node node-a: the API server did not answer: ConnectError"):
        client.get("Node", "node-a")


def test_a_context_that_is_not_there_is_the_users_mistake(nobody):
    with pytest.raises(UsageError, match="Context 'production' not found"):
        Kube(nobody, context="production")


@pytest.mark.parametrize("text", ["{", "[]", "current-context: 3", "apiVersion: v1"])
def test_a_kubeconfig_that_is_none_is_the_users_mistake(tmp_path, text):
    (tmp_path / "config").write_text(text)

    with pytest.raises(UsageError, match=f"the kubeconfig {tmp_path}/config cannot be used"):
        Kube(tmp_path / "config")


def test_a_kubeconfig_that_is_missing_is_the_users_mistake(tmp_path):
    with pytest.raises(UsageError, match="cannot be used"):
        Kube(tmp_path / "config")
