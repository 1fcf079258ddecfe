"""The real components there are: where each comes from, and how it says its version."""

from dataclasses import dataclass

KUBERNETES = "1.36.3"
"""The version taken where none is asked for and none is installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A program of another project. `module` is its Go module, `package` the one to build there."""

    name: str
    version: str
    module: str
    package: str
    ask_version: tuple[str, ...] = ("--version",)

    @property
    def of_kubernetes(self) -> bool:
        """Whether it is released with Kubernetes itself, under its version."""
        return self.module == "k8s.io/kubernetes"


def _of_kubernetes(name: str, *ask_version: str) -> Component:
    module = "k8s.io/kubernetes"
    ask = ask_version or ("--version",)
    return Component(name=name, version=KUBERNETES, module=module, package=f"{module}/cmd/{name}", ask_version=ask)


COMPONENTS = {
    component.name: component
    for component in (
        _of_kubernetes("kube-proxy"),
        _of_kubernetes("kube-apiserver"),
        _of_kubernetes("kube-controller-manager"),
        _of_kubernetes("kube-scheduler"),
        _of_kubernetes("kubectl", "version", "--client"),
        Component(
            name="etcd", version="3.6.8", module="go.etcd.io/etcd/server/v3", package="go.etcd.io/etcd/server/v3"
        ),
        Component(
            name="coredns",
            version="1.14.2",
            module="github.com/coredns/coredns",
            package="github.com/coredns/coredns",
            ask_version=("-version",),
        ),
        Component(
            name="kind",
            version="0.33.0",
            module="sigs.k8s.io/kind",
            package="sigs.k8s.io/kind",
            ask_version=("version",),
        ),
    )
}


def is_component(name: str) -> bool:
    """Whether `name` is a program that svcproof can obtain."""
    return name in COMPONENTS
