"""Objects such as MetalLB's manifest has, in the shape of its releases."""

from typing import Any

from svcproof.json_objects import Object

NAMESPACE = "metallb-system"


def workload(kind: str, name: str, image: str, namespace: str = NAMESPACE) -> Object:
    labels = {"app": "metallb", "component": name}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": name, "image": image}]}},
        },
    }


def definition(plural: str) -> Object:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.metallb.io"},
        "spec": {
            "group": "metallb.io",
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": plural.capitalize()},
            "versions": [{"name": "v1beta1"}],
        },
    }


def objects(controller: str = "quay.io/metallb/controller:v0.13.5") -> dict[str, Any]:
    """A whole manifest, by what each of its objects is."""
    return {
        "namespace": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        "pools": definition("ipaddresspools"),
        "advertisements": definition("l2advertisements"),
        "controller": workload("Deployment", "controller", controller),
        "speaker": workload("DaemonSet", "speaker", controller.replace("controller", "speaker")),
    }
