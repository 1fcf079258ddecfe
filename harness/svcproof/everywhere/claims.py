"""The claims of a proxy under test, in the terms of the rules of a Service proxy."""

from collections.abc import Mapping

from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.release import release_of
from svcproof.promise.world import Claims


def claims_of(proxy: ProxySpec, versions: Mapping[str, str]) -> Claims:
    """The claims of this proxy, on a cluster whose components have these versions."""
    mode = proxy.install.kube_proxy.mode if proxy.install.kube_proxy else "none"
    return Claims(features=proxy.claims.features, kube_proxy=mode != "none", release=release_of(versions))
