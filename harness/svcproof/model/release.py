"""Releases of Kubernetes, and the release that a cluster's version belongs to."""

import re
from dataclasses import dataclass

from svcproof.printable import quoted

KUBERNETES = "kubernetes"
"""The component whose version is the cluster's."""
KUBE_PROXY = "kube-proxy"
"""The component whose version is the proxy's, where it is kube-proxy."""
NAME = re.compile(r"1\.(0|[1-9][0-9]{0,2})")
VERSION = re.compile(r"v?(?P<major>[1-9][0-9]*)\.(?P<minor>0|[1-9][0-9]*)\.(?P<patch>[0-9]+)(?P<rest>[-+].*)?")
BEFORE = re.compile(r"-(alpha|beta|rc)(?![a-z])")
"""Begins what follows the number of a version that comes before that number; vendors put other words there."""


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """A minor release, such as 1.36."""

    minor: int

    @classmethod
    def read(cls, text: str) -> "Release":
        """Read `1.26`; raises ValueError where the text is no such release."""
        if not NAME.fullmatch(text):
            raise ValueError(f"must look like 1.26, a release without its patch, not {quoted(text)}")
        return cls(int(text.partition(".")[2]))

    @classmethod
    def of(cls, version: str) -> "Release | None":
        """The release whose promises a cluster of this version keeps; None where the version tells of none.

        Words of vendors after the number say nothing (v1.31.2-gke.100, v1.31.2+k3s1). A pre-release is a candidate for
        what its release will promise, so that v1.38.0-rc.1 is read as the release before: 1.37.
        """
        match = VERSION.fullmatch(version)
        if match is None or match["major"] != "1":
            return None
        minor = int(match["minor"])
        is_before = int(match["patch"]) == 0 and BEFORE.match(match["rest"] or "")
        return cls(max(minor - 1, 0) if is_before else minor)

    def __str__(self) -> str:
        return f"1.{self.minor}"
