"""The program: `python -m svcproof.reference_proxy --kubeconfig FILE --node NAME [--fault NAME]`."""

import argparse
import logging
import queue
import signal
import sys
from pathlib import Path

from svcproof.reference_proxy.family import IPV4
from svcproof.reference_proxy.kubeconfig import access
from svcproof.reference_proxy.proxy import Proxy, Reports
from svcproof.reference_proxy.ruleset import TABLE, TABLES
from svcproof.reference_proxy.stages import Stages, in_table
from svcproof.reference_proxy.store import Store
from svcproof.reference_proxy.watch import follow


def main() -> None:
    """Serve until told to end; the rules stay, so that traffic flows while a proxy is replaced."""
    arguments = _arguments()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: sys.exit(0))
    stages = _stages(arguments.fault, in_table(arguments.table))
    try:
        server = access(arguments.kubeconfig)
    except (OSError, ValueError, LookupError) as trouble:
        sys.exit(f"the kubeconfig {arguments.kubeconfig} cannot be used: {trouble!r}")
    store = Store(arguments.node, stages.service, stages.endpoint_slice)
    reports: Reports = queue.SimpleQueue()
    for resource in store.resources:
        follow(server, resource, reports.put)
    Proxy(store, (IPV4,), stages).run(reports)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="svcproof.reference_proxy", description="A Service proxy for nftables.")
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--node", required=True, help="name of the Node it runs on")
    parser.add_argument("--table", choices=TABLES, default=TABLE, help="have the rules there, and not in the others")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help="be wrong in this way")
    return parser.parse_args()


def _stages(faults: list[str], stages: Stages) -> Stages:
    if not faults:
        return stages
    # Only here, for the sound proxy is to start quickly.
    from svcproof.fault import mutated
    from svcproof.reference_proxy.faults import FAULTS

    known = [fault.name for fault in FAULTS]
    if unknown := set(faults).difference(known):
        sys.exit(f"no such fault: {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    return mutated(stages, FAULTS, faults)


if __name__ == "__main__":
    main()
