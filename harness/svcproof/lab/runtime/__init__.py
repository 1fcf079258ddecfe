"""The lab's container runtime.

async with Runtime() as runtime:
    container = Container(process=..., netns="/run/netns/pod-1", hostname="web", root=Root(mounts=...))
    running = await runtime.start(container, stdio)
    code = await running.wait()
"""

from svcproof.lab.runtime.forkserver.request import Container, Mount, Process, Root
from svcproof.lab.runtime.runtime import CannotStartError, Running, Runtime

__all__ = ["CannotStartError", "Container", "Mount", "Process", "Root", "Running", "Runtime"]
