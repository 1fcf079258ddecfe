"""The claims of a proxy under test, in the terms of the rules of a Service proxy."""

from collections.abc import Mapping
from dataclasses import replace

from svcproof.model.behaviour import Behaviour
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.release import Release
from svcproof.model.releases import Releases
from svcproof.model.vocabulary import CONTRADICTORY
from svcproof.promise.world import Claims


def claims_of(proxy: ProxySpec, versions: Mapping[str, str]) -> Claims:
    """The claims of this proxy, on a cluster whose components have these versions."""
    mode = proxy.install.kube_proxy.mode if proxy.install.kube_proxy else "none"
    release = Releases.found(versions, proxy.kubernetes).of_proxy
    return Claims(features=proxy.claims.at(release).features, kube_proxy=mode != "none", release=release)


def claims_for(claims: Claims, behaviour: Behaviour) -> Claims:
    """The claims by which the check of a behaviour looks: its own features and release count as claimed.

    Otherwise a proxy that leaves such a feature out would show it, since the rules let it be missing. Whether the
    proxy claims it, and whether the cluster is of that release, is for the verdict.
    """
    opposite = {feature for pair in CONTRADICTORY if behaviour.features & {*pair} for feature in pair}
    since = Release.read(behaviour.since) if behaviour.since else None
    is_older = since is not None and (claims.release is None or claims.release < since)
    return replace(
        claims,
        features=claims.features - opposite | behaviour.features,
        release=since if is_older else claims.release,
    )
