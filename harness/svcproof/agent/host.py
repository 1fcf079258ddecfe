"""A pytest-testinfra Host over a Shell of ours."""

from typing import Any

from testinfra.backend.base import BaseBackend, CommandResult
from testinfra.host import Host

from svcproof.limits import Request
from svcproof.model.cluster import Shell


class ShellBackend(BaseBackend):  # type: ignore[misc]  # testinfra has no types
    """Runs what testinfra asks for through a Shell."""

    NAME = "svcproof"

    def __init__(self, shell: Shell, name: str) -> None:
        super().__init__(name)
        self._shell = shell
        # Without this, output that is not ASCII makes testinfra run a Python over there to learn the encoding.
        self._encoding = "utf-8"

    def run(self, command: str, *args: str, **_: Any) -> CommandResult:
        """Run a command line in sh; raises ProbeError where it could not be run."""
        line = self.get_command(command, *args)
        ended = self._shell.run(("/bin/sh", "-c", line), Request.COMMAND_ON_NODE.seconds)
        return self.result(ended.code, line, ended.stdout, ended.stderr)


def host(shell: Shell, name: str) -> Host:
    """Make a new Host: testinfra's own cache would give what a former pod of the same name was."""
    backend = ShellBackend(shell, name)
    host = Host(backend)
    backend.set_host(host)
    return host
