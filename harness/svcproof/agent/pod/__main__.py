"""The probe agent: serves, probes, and says what it saw. Run as `python3 DIRECTORY --control unix:PATH|tcp:PORT`.

Standard library only, for any Python from 3.9: every other file here is imported by its plain name.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

from control import Control, Route, environment
from flows import Flows
from lookups import Lookups
from loop import Loop
from neighbours import neighbour
from probing import Prober
from serving import Listeners, Readiness
from specs import PROTOCOLS
from statuses import Statuses
from traffic import Traffic


def ports(text: str) -> list[int]:
    """Read `8080,9000`."""
    return [int(port) for port in text.split(",") if port]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="svcproof-agent", description=__doc__)
    parser.add_argument("--control", required=True, metavar="unix:PATH|tcp:PORT", help="where the harness asks")
    parser.add_argument("--unready", action="store_true", help="say at /ready that it is not, until told otherwise")
    parser.add_argument("--linger", action="store_true", help="go on serving after SIGTERM, until killed")
    for protocol in PROTOCOLS:
        parser.add_argument(f"--{protocol}", type=ports, default=[], metavar="PORT,...", help="serve on these ports")
    return parser.parse_args()


def main() -> None:
    """Serve until told to end."""
    options = arguments()
    loop, readiness = Loop(), Readiness(not options.unready)
    listeners, prober = Listeners(loop, readiness), Prober(loop)
    flows, lookups, traffic = Flows(prober), Lookups(prober), Traffic(prober)
    routes: dict[str, Route] = {
        "/probe": lambda body, respond: prober.batch(body["probes"], respond),
        "/dns": lambda body, respond: lookups.batch(body["queries"], respond),
        "/status": Statuses(prober).ask,
        "/neighbour": neighbour,
        "/stream/open": flows.open,
        "/stream/exchange": flows.exchange,
        "/stream/close": flows.close,
        "/traffic/begin": traffic.begin,
        "/traffic/end": traffic.end,
        "/serve": listeners.change,
        "/ready": readiness.change,
        "/environment": environment,
    }
    for protocol in PROTOCOLS:
        for port in getattr(options, protocol):
            listeners.open(protocol, port)
    Control(loop, os.environ.get("SVCPROOF_SECRET", ""), readiness, routes).listen(options.control)
    # As the first process of a pod it gets no default action for SIGTERM: without a handler it would never end.
    signal.signal(signal.SIGTERM, signal.SIG_IGN if options.linger else lambda *_: sys.exit(0))
    loop.run()


main()
