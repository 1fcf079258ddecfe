"""The command `svcproof`: it sets Ctrl-C up, which is silent from then on, before it imports the command line."""

import os
import signal
import sys
from types import FrameType

from svcproof.exit_code import ExitCode


def main() -> None:
    """Run the command line; until all of it is imported nothing has been made, and a signal just ends the process."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _leave)
    from svcproof.cli import main as command

    try:
        command()
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # The result stands; the interpreter cleans up.
            signal.signal(number, signal.SIG_IGN)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(ExitCode.INTERRUPTED)
