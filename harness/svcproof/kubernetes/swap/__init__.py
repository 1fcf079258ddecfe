"""Getting the proxy under test into a cluster that is not the lab, and putting back what was there."""

from svcproof.kubernetes.swap.installed import Installed
from svcproof.kubernetes.swap.installing import installed, kind_mode
from svcproof.kubernetes.swap.undo import changed_by, put_back

__all__ = ["Installed", "changed_by", "installed", "kind_mode", "put_back"]
