"""A lab by itself, without a proxy and without agents: `python -m svcproof.lab [--nodes N] [--outside N]`."""

import argparse
import signal
import sys

from svcproof import interrupts
from svcproof.errors import SvcproofError
from svcproof.lab.layout import LabConfig, NodeConfig
from svcproof.lab.process import launch

MOST_NODES = 26
MOST_OUTSIDE = 8
LOOK_EVERY = 1.0
UP = """\
The lab is up: {places}.

  export KUBECONFIG={kubeconfig}
  kubectl get nodes

No proxy runs on its nodes, so no Service can be reached. Ctrl-C removes the lab and all that is in it.
"""


def main() -> None:
    """Bring a lab up and keep it until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m svcproof.lab", description=__doc__)
    nodes, outside = range(1, MOST_NODES + 1), range(MOST_OUTSIDE + 1)
    parser.add_argument(
        "--nodes", type=int, choices=nodes, default=2, metavar="N", help=f"nodes, 1 to {MOST_NODES} [default: 2]"
    )
    parser.add_argument(
        "--outside",
        type=int,
        choices=outside,
        default=1,
        metavar="N",
        help=f"clients outside, 0 to {MOST_OUTSIDE} [default: 1]",
    )
    arguments = parser.parse_args()
    interrupts.heed(even_if_ignored={signal.SIGINT})
    try:
        keep(LabConfig(nodes=tuple(map(node, range(arguments.nodes))), outside=arguments.outside))
    except KeyboardInterrupt:
        sys.stdout.write("the lab is gone\n")
    except SvcproofError as error:
        sys.exit(str(error))


def node(number: int) -> NodeConfig:
    """Return node-a in zone-a, node-b in zone-b, ..."""
    letter = chr(ord("a") + number)
    return NodeConfig(f"node-{letter}", f"zone-{letter}")


def keep(config: LabConfig) -> None:
    """Bring a lab up, print the way in, and keep it; raises ProvisionError where it ends by itself."""
    with launch.running(config) as lab:
        places = ", ".join(lab.layout.places)
        sys.stdout.write(UP.format(places=places, kubeconfig=lab.directory.kubeconfig))
        sys.stdout.flush()
        while True:
            lab.wait(LOOK_EVERY)


if __name__ == "__main__":
    main()
