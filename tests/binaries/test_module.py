"""The module that a component is built in."""

from svcproof.binaries.component import COMPONENTS
from svcproof.binaries.module import go_mod, linker_flags

KUBERNETES = """\
module k8s.io/kubernetes

go 1.26.0

godebug default=go1.26

require (
	github.com/JeffAshton/win_pdh v0.0.0-20161109143554-76bb4ee9f0ab
	k8s.io/api v0.0.0
	k8s.io/client-go v0.0.0 // indirect
	k8s.io/klog/v2 v2.140.0
)

require k8s.io/kube-proxy v0.0.0

replace (
	k8s.io/api => ./staging/src/k8s.io/api
)
"""


def test_each_staging_module_is_replaced_by_the_one_published_with_the_release() -> None:
    assert go_mod(COMPONENTS["kube-proxy"], "1.33.13", KUBERNETES, "1.26.0") == (
        "module svcproof.invalid/build\n"
        "go 1.26.0\n"
        "require k8s.io/kubernetes v1.33.13\n"
        "replace k8s.io/api => k8s.io/api v0.33.13\n"
        "replace k8s.io/client-go => k8s.io/client-go v0.33.13\n"
        "replace k8s.io/kube-proxy => k8s.io/kube-proxy v0.33.13\n"
    )


def test_other_modules_are_required_as_they_are() -> None:
    assert "replace" not in go_mod(COMPONENTS["etcd"], "3.6.8", KUBERNETES, "1.26.0")


def test_kubernetes_is_linked_with_its_version_and_others_are_not() -> None:
    flags = linker_flags(COMPONENTS["kube-proxy"], "1.33.13")

    assert "-X=k8s.io/component-base/version.gitVersion=v1.33.13" in flags
    assert "-X=k8s.io/component-base/version.gitMinor=33" in flags
    assert linker_flags(COMPONENTS["kind"], "0.33.0") == "-s -w"
