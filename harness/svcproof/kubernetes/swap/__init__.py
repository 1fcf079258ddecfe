"""Exchange of a cluster's Service proxy: install the one under test, describe it, and put back what was there.

The walk is in `installation`, and the way back in `undo`; between them lies the record in `change_record`.
"""

from svcproof.kubernetes.swap.installation import install_proxy, is_present, kube_proxy_mode_for_kind
from svcproof.kubernetes.swap.proxy_under_test import ProxyUnderTest
from svcproof.kubernetes.swap.undo import changing_run, undo_killed_run

__all__ = [
    "ProxyUnderTest",
    "changing_run",
    "install_proxy",
    "is_present",
    "kube_proxy_mode_for_kind",
    "undo_killed_run",
]
