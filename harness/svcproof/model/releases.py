"""The releases by which a run's promises are judged: the cluster's, and that of the promises which its proxy keeps."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.model.behaviour import ALL_THE_SAME, Behaviour, Level, Part
from svcproof.model.release import KUBE_PROXY, KUBERNETES, Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """The versions of a cluster and of its proxy, and the release that the proxy's declaration names."""

    cluster: str = ""
    """The version of the API server; empty where it is not known."""
    kube_proxy: str = ""
    """The version of the kube-proxy under test; empty where it is not known, or another proxy is under test."""
    declared: str = ""
    """The release whose promises the proxy keeps by its declaration, such as 1.33; empty where that does not say."""
    ignored: bool = False
    """True if what is younger than these was checked all the same, and is judged so."""

    @classmethod
    def found(cls, versions: Mapping[str, str], declared: str = "", *, ignored: bool = False) -> "Releases":
        """Read them from the versions of a cluster's components, by name."""
        kube_proxy = versions.get(KUBE_PROXY, "")
        return cls(cluster=versions.get(KUBERNETES, ""), kube_proxy=kube_proxy, declared=declared, ignored=ignored)

    @property
    def of_cluster(self) -> Release | None:
        """The cluster's release; None where it is not known."""
        return Release.of(self.cluster)

    @property
    def of_proxy(self) -> Release | None:
        """The older of the cluster's release and the proxy's own; None where the cluster's is not known."""
        cluster, own = self.of_cluster, self._own
        return min(cluster, own) if cluster and own else cluster

    def judging(self, part: Part) -> Release | None:
        """The release by which what this part answers for is judged; None where it is not known."""
        return self.of_proxy if part is Part.PROXY else self.of_cluster

    def not_promised(self, behaviour: Behaviour) -> str:
        """The reason for which it need not be shown here yet; empty if it must, or must be all the same."""
        release = self.judging(behaviour.by)
        if self.ignored or behaviour.is_promised(release):
            return ""
        if release:
            return f"older than the promise: {behaviour.promise}, and {self.words(behaviour.by)}; {ALL_THE_SAME}"
        version = f"{self.cluster!r} is a version of no release"
        return f"not known to be promised: {behaviour.promise}, and {version}; {ALL_THE_SAME}"

    def is_pending(self, behaviour: Behaviour) -> bool:
        """True for a MUST that is a SHOULD here: it is a beta, or binds only from a later release on."""
        if behaviour.level is not Level.MUST:
            return False
        release = self.judging(behaviour.by)
        is_beta = bool(behaviour.beta) and not (self.ignored or behaviour.is_stable(release))
        return is_beta or not behaviour.binds(release)

    def words(self, part: Part) -> str:
        """The releases that count for what a part answers for: both, where the proxy's is the older one."""
        cluster = f"of {self.of_cluster} ({self.cluster})" if self.of_cluster else "of no release that is known"
        own = self._own
        if part is not Part.PROXY or own is None or own != self.of_proxy or own == self.of_cluster:
            return f"this cluster is {cluster}"
        version = "as it declares" if self.declared else f"{KUBE_PROXY} {self.kube_proxy}"
        return f"this proxy is of {own} ({version}), on a cluster {cluster}"

    @property
    def _own(self) -> Release | None:
        return Release.read(self.declared) if self.declared else Release.of(self.kube_proxy)


UNKNOWN = Releases()
"""No release is known."""
