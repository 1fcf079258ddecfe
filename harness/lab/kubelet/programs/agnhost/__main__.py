"""The part of agnhost that Kubernetes' own Service tests use: `agnhost COMMAND [OPTION ...]`.

https://github.com/kubernetes/kubernetes/tree/master/test/images/agnhost
"""

import signal
import sys

from . import connect, netexec, servehostname


def pause(arguments: list[str]) -> int:
    """Do nothing, until told to end."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)
    return 0


COMMANDS = {
    "connect": connect.main,
    "netexec": netexec.main,
    "pause": pause,
    "serve-hostname": servehostname.main,
    "test-webserver": servehostname.webserver,
}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "pause"
    if name not in COMMANDS:
        sys.exit(f"agnhost: {name!r} is not among the commands this lab has: {', '.join(COMMANDS)}")
    sys.exit(COMMANDS[name](sys.argv[2:]))
