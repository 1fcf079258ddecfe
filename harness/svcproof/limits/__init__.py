"""Named limits: the longest that svcproof waits for anything of a cluster, a proxy or a program, and why that long.

`Judged` has what decides a verdict, `Provision` what a run builds on, `Request` what a server or program owes at once.
Each limit has its seconds, what must happen within them, and why a sound implementation may need as long. A run on a
slow machine has more patience: `patience` multiplies the limits, except for what would then put itself right.

These have times of their own: `agent/pod`, `reference_proxy` and what runs on machines reached by ssh
(`kubernetes/cluster/outside/guest.py`, `reaching.py`), which are programs of the standard library alone; the parts of
the lab, whose times are those of the Kubernetes components they stand for or of their protocols, but not what starts,
asks and ends a lab from outside; and whatever sleeps between two looks. How long `consistently` watches is no limit: it
is the same on a slow machine, where nothing must happen either. `tests/limits/test_numbers.py` holds the rest to it.
"""

from svcproof.limits.judged import Judged
from svcproof.limits.limit import Limit, Patience, carried
from svcproof.limits.patience import all_limits, patience, read
from svcproof.limits.provision import Provision
from svcproof.limits.request import Request

__all__ = ["Judged", "Limit", "Patience", "Provision", "Request", "all_limits", "carried", "patience", "read"]
