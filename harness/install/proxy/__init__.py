"""Getting the proxy under test into a cluster that is not the lab, and putting back what was there."""

from harness.install.proxy.installed import Installed
from harness.install.proxy.installing import installed, kind_mode
from harness.install.proxy.undo import changed_by, put_back

__all__ = ["Installed", "changed_by", "installed", "kind_mode", "put_back"]
