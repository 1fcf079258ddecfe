"""The part of agnhost that Kubernetes' own Service tests use: `agnhost COMMAND [OPTION ...]`.

https://github.com/kubernetes/kubernetes/tree/master/test/images/agnhost
"""

import signal
import sys

from . import connect, names, netexec, porter, servehostname


def pause(arguments: list[str]) -> int:
    """Do nothing, until told to end."""
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)
    return 0


COMMANDS = {
    "connect": connect.main,
    "dns-server-list": names.servers,
    "dns-suffix": names.suffixes,
    "etc-hosts": names.hosts,
    "netexec": netexec.main,
    "pause": pause,
    "porter": porter.main,
    "serve-hostname": servehostname.main,
    "test-webserver": servehostname.webserver,
}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "pause"
    if name not in COMMANDS:
        sys.exit(f"agnhost: {name!r} is not among the commands this lab has: {', '.join(COMMANDS)}")
    sys.exit(COMMANDS[name](sys.argv[2:]))
