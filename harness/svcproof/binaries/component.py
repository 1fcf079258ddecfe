"""The real components there are: where each comes from, and how it tells its version."""

from dataclasses import dataclass

KUBERNETES = "1.37.2"
"""The version taken where none is asked for and none is installed."""
COREDNS_PLUGINS = (
    "errors",
    "health",
    "ready",
    "kubernetes",
    "forward",
    "cache",
    "loop",
    "reload",
    "loadbalance",
    "log",
)
"""The plugins that a cluster's Corefile names: to build every plugin takes several times as long."""


class NotObtainedError(Exception):
    """One way to obtain a component failed; the message says what was tried and what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A program of another project.

    `module` is the Go module it is in and `package` what to build there (default: the module itself); where `main` is
    given, that Go source is built instead. `version` is the one taken by default.
    """

    name: str
    version: str
    module: str
    package: str = ""
    main: str = ""
    ask_version: tuple[str, ...] = ("--version",)

    @property
    def of_kubernetes(self) -> bool:
        """True if it is released with Kubernetes itself, under its version."""
        return self.module == "k8s.io/kubernetes"


def is_component(name: str) -> bool:
    """True if `name` is a program that svcproof can obtain."""
    return name in COMPONENTS


def _of_kubernetes(name: str, *ask_version: str) -> Component:
    return Component(
        name=name,
        version=KUBERNETES,
        module="k8s.io/kubernetes",
        package=f"k8s.io/kubernetes/cmd/{name}",
        ask_version=ask_version or ("--version",),
    )


def _coredns_main() -> str:
    module = "github.com/coredns/coredns"
    plugins = "\n".join(f'_ "{module}/plugin/{name}"' for name in COREDNS_PLUGINS)
    return f'package main\nimport (\n"{module}/coremain"\n{plugins}\n)\nfunc main() {{ coremain.Run() }}\n'


COMPONENTS = {
    component.name: component
    for component in (
        _of_kubernetes("kube-proxy"),
        _of_kubernetes("kube-apiserver"),
        _of_kubernetes("kube-controller-manager"),
        _of_kubernetes("kube-scheduler"),
        _of_kubernetes("kubectl", "version", "--client"),
        Component(
            name="etcd",
            version="3.6.8",
            module="go.etcd.io/etcd/server/v3",
        ),
        Component(
            name="coredns",
            version="1.14.2",
            module="github.com/coredns/coredns",
            main=_coredns_main(),
            ask_version=("-version",),
        ),
        Component(
            name="kind",
            version="0.33.0",
            module="sigs.k8s.io/kind",
            ask_version=("version",),
        ),
    )
}
