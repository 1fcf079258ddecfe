"""The control plane of a lab: the builtin one, or etcd, kube-apiserver and kube-controller-manager.

Both serve the host by the inherited listener, and nodes and pods at the fabric's address; whatever else the lab has
is a client of the API, and the same on both.
"""

from contextlib import AsyncExitStack

from svcproof.lab.components import API_SERVER
from svcproof.lab.faults.parts import LabRules
from svcproof.lab.planes import builtin, kubernetes
from svcproof.lab.planes.plane import Plane
from svcproof.lab.process.programs import Programs
from svcproof.lab.process.settings import Settings


async def start(settings: Settings, rules: LabRules, programs: Programs, stack: AsyncExitStack) -> Plane:
    """Start the control plane that the settings want; what is to be closed goes onto the stack."""
    if settings.component(API_SERVER):
        return await kubernetes.start(settings, programs, stack)
    return await builtin.start(settings, rules, stack)
