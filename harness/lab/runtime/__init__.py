"""The lab's container runtime.

async with Runtime() as runtime:
    running = await runtime.start(Container(process=..., netns="/run/netns/pod-1", hostname="web", mounts=...), stdio)
    code = await running.wait()
"""

from harness.lab.runtime.forkserver.request import Container, Mount, Process
from harness.lab.runtime.runtime import CannotStartError, Running, Runtime

__all__ = ["CannotStartError", "Container", "Mount", "Process", "Running", "Runtime"]
