"""What a reader of the documentation has: a shell, and a lab in another terminal."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.docs.page import Command

END = "the-end-of-a-command"
LAST_WORD = "Ctrl-C"
EXPORT = re.compile(r"^ *export (KUBECONFIG=\S+)$")


class Terminal:
    """One bash: variables set by one command are there for the next."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory, self._environment = directory, environment
        self._bash = self._start("bash", "--noprofile", "--norc", "-o", "pipefail", stdin=subprocess.PIPE)

    def run(self, command: str) -> tuple[int, str]:
        """Run a command to its end; return its exit status and what it printed."""
        assert self._bash.stdin
        assert self._bash.stdout
        self._bash.stdin.write(f"{{ {command}\n}} </dev/null\nprintf '\\n%s %s\\n' {END} $?\n")
        self._bash.stdin.flush()
        printed = ""
        for line in self._bash.stdout:
            if line.startswith(END):
                return int(line.split()[1]), printed
            printed += line
        raise AssertionError(f"the shell ended at: {command}\n{printed}")

    @contextmanager
    def beside(self, command: Command) -> Iterator[None]:
        """Have a command that stays run beside this shell, which takes the variable it tells its reader to take."""
        with self._start(*command.words.split()) as program:
            try:
                assert program.stdout
                printed = ""
                for line in program.stdout:
                    printed += line
                    if found := EXPORT.match(line):
                        self.run(f"export {found[1]}")
                    if LAST_WORD in line:
                        break
                assert command.printed(printed), printed
                yield
                # As Ctrl-C does, which is nothing to a process whose parents were told to ignore it.
                program.terminate()
                assert (program.stdout.read().strip(), program.wait()) == ("the lab is gone", 0)
            finally:
                program.terminate()

    def close(self) -> None:
        """Leave the shell."""
        self._bash.communicate()

    def _start(self, *argv: str, stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            argv,
            cwd=self._directory,
            env=self._environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
