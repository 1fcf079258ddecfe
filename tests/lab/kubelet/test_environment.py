import json
from typing import Any

import pytest

from tests.lab.kubelet.conftest import MiniLab, Pod, python, shell

pytestmark = pytest.mark.lab

PRINT = "import json, os; print(json.dumps(dict(os.environ)))"


@pytest.fixture
def namespace(lab: MiniLab) -> str:
    name = f"ns-{next(lab.numbers)}"
    lab.create("/api/v1/namespaces", {"metadata": {"name": name}})
    return name


def service(lab: MiniLab, namespace: str, name: str, **spec: Any) -> Any:
    body = {"metadata": {"name": name}, "spec": {"selector": {"app": name}, "ports": [{"port": 80}], **spec}}
    return lab.create(f"/api/v1/namespaces/{namespace}/services", body)["spec"]


def environment(pod: Pod, container: str = "c") -> dict[str, str]:
    return dict(json.loads(pod.says(container)))


def test_services_that_exist_give_variables_to_every_container(lab: MiniLab, namespace: str):
    address = service(lab, namespace, "db-svc", ports=[{"port": 5432, "targetPort": 1}])["clusterIP"]
    containers = python(PRINT), python(PRINT, "d")
    pod = lab.pod(*containers, namespace=namespace, restartPolicy="Never", initContainers=[python(PRINT, "init")])

    for name in ("c", "d", "init"):
        found = environment(pod, name)
        assert found["DB_SVC_SERVICE_HOST"] == address
        assert found["DB_SVC_SERVICE_PORT"] == "5432"
        assert found["DB_SVC_PORT"] == f"tcp://{address}:5432"
        assert found["KUBERNETES_SERVICE_HOST"] == "10.96.0.1"


def test_services_of_other_namespaces_and_headless_ones_give_none(lab: MiniLab, namespace: str):
    service(lab, "default", f"elsewhere-{namespace}")
    service(lab, namespace, "headless", clusterIP="None")

    found = environment(lab.pod(python(PRINT), namespace=namespace, restartPolicy="Never"))

    assert not [name for name in found if name.startswith(("ELSEWHERE", "HEADLESS"))]


def test_without_service_links_only_kubernetes_gives_variables(lab: MiniLab, namespace: str):
    service(lab, namespace, "web")

    found = environment(lab.pod(python(PRINT), namespace=namespace, restartPolicy="Never", enableServiceLinks=False))

    assert "WEB_SERVICE_HOST" not in found
    assert "KUBERNETES_SERVICE_HOST" in found


def test_exec_sees_the_containers_variables_and_not_those_of_later_services(lab: MiniLab, namespace: str):
    service(lab, namespace, "older")
    pod = lab.pod(namespace=namespace)
    pod.until_ready()
    service(lab, namespace, "younger")

    said = lab.kubectl("exec", "-n", namespace, pod.name, "--", "env").stdout

    assert "OLDER_SERVICE_HOST" in said
    assert "YOUNGER" not in said


def test_the_first_process_shows_the_variables_in_proc(lab: MiniLab, namespace: str):
    service(lab, namespace, "web")
    pod = lab.pod(namespace=namespace)
    pod.until_ready()

    said = lab.kubectl("exec", "-n", namespace, pod.name, "--", "cat", "/proc/1/environ").stdout

    assert "WEB_SERVICE_PORT=80" in said.split("\0")


def test_values_come_from_fields_config_maps_and_secrets(lab: MiniLab, namespace: str):
    lab.create(f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": {"name": "cm"}, "data": {"a": "1", "b": "2"}})
    lab.create(f"/api/v1/namespaces/{namespace}/secrets", {"metadata": {"name": "s"}, "data": {"key": "dmFsdWU="}})
    env = [
        {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "APP", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "cm", "key": "a"}}},
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "key"}}},
        {"name": "BOTH", "value": "$(A)-$(KEY)-$(NOBODY)"},
    ]
    container = python(PRINT, env=env, envFrom=[{"prefix": "CM_", "configMapRef": {"name": "cm"}}])
    pod = lab.pod(container, namespace=namespace, restartPolicy="Never", labels={"app": "x"})

    found = environment(pod)

    assert (found["NAME"], found["APP"], found["NODE"]) == (pod.name, "x", "node-a")
    assert found["IP"] == pod.get()["status"]["podIP"]
    assert (found["A"], found["KEY"], found["BOTH"], found["CM_b"]) == ("1", "value", "1-value-$(NOBODY)", "2")


def test_a_container_waits_for_a_config_map_it_refers_to(lab: MiniLab, namespace: str):
    env = [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "late", "key": "a"}}}]
    pod = lab.pod(python(PRINT, env=env), namespace=namespace, restartPolicy="Never")
    pod.until(lambda found: "CreateContainerConfigError" in str(found))

    lab.create(f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": {"name": "late"}, "data": {"a": "there"}})

    assert environment(pod)["A"] == "there"


def test_resolv_conf_names_the_clusters_dns_and_the_pods_namespace_first(lab: MiniLab, namespace: str):
    said = lab.pod(shell("cat /etc/resolv.conf"), namespace=namespace, restartPolicy="Never").says()

    assert said.splitlines() == [
        f"search {namespace}.svc.cluster.local svc.cluster.local cluster.local",
        "nameserver 10.96.0.10",
        "options ndots:5",
    ]


def test_etc_hosts_has_the_pods_own_name_and_its_aliases(lab: MiniLab):
    pod = lab.pod(
        shell("hostname; cat /etc/hosts"),
        restartPolicy="Never",
        hostname="me",
        subdomain="sub",
        hostAliases=[{"ip": "192.0.2.1", "hostnames": ["foo", "bar"]}],
    )

    lines = pod.says().splitlines()

    assert lines[0] == "me"
    assert f"{pod.get()['status']['podIP']}\tme.sub.default.svc.cluster.local\tme" in lines
    assert "192.0.2.1\tfoo\tbar" in lines


def test_volumes_show_their_files_at_places_the_machine_does_not_have(lab: MiniLab, namespace: str):
    lab.create(f"/api/v1/namespaces/{namespace}/configmaps", {"metadata": {"name": "cm"}, "data": {"a": "1", "b": "2"}})
    container = shell(
        "cd /deep/down/here && cat config/renamed projected/name; ls /usr/share/nowhere; "
        "ls /var/run/secrets/kubernetes.io/serviceaccount; touch config/x 2>/dev/null || echo read-only",
        volumeMounts=[
            {"name": "config", "mountPath": "/deep/down/here/config"},
            {"name": "projected", "mountPath": "/deep/down/here/projected"},
            {"name": "empty", "mountPath": "/usr/share/nowhere"},
        ],
    )
    projection = {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}}
    pod = lab.pod(
        container,
        namespace=namespace,
        restartPolicy="Never",
        volumes=[
            {"name": "config", "configMap": {"name": "cm", "items": [{"key": "b", "path": "renamed"}]}},
            {"name": "projected", "projected": {"sources": [projection]}},
            {"name": "empty", "emptyDir": {}},
        ],
    )

    assert pod.says() == f"2{pod.name}ca.crt\nnamespace\ntoken\nread-only\n"
