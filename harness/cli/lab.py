"""`svcproof lab`: a cluster to play with."""

import os
import shlex
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from harness.cli import say

if TYPE_CHECKING:
    from harness.lab.process.directory import Directory
    from harness.providers.lab import LabCluster

HOW_TO = """
The lab is up: {places}. In another terminal:

  export KUBECONFIG={kubeconfig}
  kubectl get nodes
  svcproof lab exec {node} -- ip route
{outside}
Ctrl-C removes the lab and all that is in it."""

LOOK_EVERY = 1.0


@click.group(short_help="Have a cluster to play with.", epilog="Example: svcproof lab up --proxy kube-proxy-nftables")
def command() -> None:
    """Have a cluster of this machine's network namespaces, and run commands on its nodes."""


@command.command(short_help="Bring a lab up, in the foreground.")
@click.option("--cluster", default="lab", show_default=True, metavar="NAME|FILE", help="Declaration of the lab.")
@click.option("--proxy", default="reference", show_default=True, metavar="NAME|FILE|none", help="Proxy on its nodes.")
@click.option("--fault", "faults", multiple=True, metavar="PART/NAME", help="Switch on a fault; repeatable.")
def up(cluster: str, proxy: str, faults: tuple[str, ...]) -> int:
    """Bring a lab up and keep it until Ctrl-C, SIGTERM, or SIGHUP unless that is ignored, as by nohup."""
    from harness import declare, interrupts
    from harness.errors import UsageError
    from harness.providers import lab

    # A script's `svcproof lab up &` has SIGINT ignored, and yet it is the documented way to end a lab.
    interrupts.heed(even_if_ignored={signal.SIGINT})
    on = declare.cluster(cluster)
    if on.provider != "lab":
        raise UsageError(f"cluster {cluster} is not a lab but of provider {on.provider}")
    under_test = None if proxy == "none" else declare.proxy(proxy)
    try:
        with lab.up(on, under_test, faults=faults, progress=lambda step: say(f"{step} ...")) as made:
            say(how_to(made))
            watch(made)
    except KeyboardInterrupt:
        say("the lab is gone")
    return 0


def watch(cluster: "LabCluster") -> None:
    """Say when the proxy ends; raises ProvisionError when the lab does."""
    told = ""
    while True:
        cluster.lab.wait(LOOK_EVERY)
        if (trouble := cluster.proxy_trouble()) != told:
            say(trouble, err=True)
            told = trouble


def how_to(cluster: "LabCluster") -> str:
    """What to do with a lab that is up."""
    node = cluster.nodes[0].name
    service = cluster.lab.layout.api_service[0]
    clients = [one.name for one in cluster.outside]
    outside = "".join(f"  svcproof lab exec {one} -- curl -sk https://{service}/version\n" for one in clients[:1])
    if cluster.tested is None:
        outside = "\nNo proxy runs, so no Service can be reached yet.\n"
    places = ", ".join([*(one.name for one in cluster.nodes), *clients])
    return HOW_TO.format(places=places, kubeconfig=shlex.quote(str(cluster.kubeconfig)), node=node, outside=outside)


@command.command(
    "exec",
    short_help="Run a command on a node, or outside the cluster.",
    epilog="Example: svcproof lab exec outside-1 -- curl -s http://172.30.0.11:30080",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("place")
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED, metavar="COMMAND...")
def execute(place: str, argv: Sequence[str]) -> None:
    """Run COMMAND at PLACE: a node's name, or outside-1, outside-2, ... of the lab that runs.

    Where several labs run, it is the one whose kubeconfig KUBECONFIG names.
    """
    from harness.errors import UsageError
    from harness.lab.process import enter
    from harness.lab.process.requirements import search_path
    from harness.lab.process.settings import read

    lab = chosen()
    plan = read(lab).layout
    places = {one.name: one.netns for one in plan.nodes} | {one.name: one.netns for one in plan.outside}
    if place not in places:
        raise UsageError(f"no place {place!r} in this lab; there is {', '.join(places)}")
    command = argv[argv[0] == "--" :]  # click leaves it where an argument came before it
    words = enter.outside(lab, places[place], command)
    os.execvpe(words[0], words, {**os.environ, "PATH": search_path()})


def chosen() -> "Directory":
    """Return the lab that is meant; raises UsageError where that cannot be told."""
    from harness.errors import UsageError
    from harness.lab.process import leftovers

    alive = leftovers.alive()
    named = [lab for lab in alive if str(lab.kubeconfig) == os.environ.get("KUBECONFIG")]
    if len(named or alive) == 1:
        return (named or alive)[0]
    if not alive:
        raise UsageError("no lab runs here: bring one up with `svcproof lab up`")
    choice = "\n".join(f"  export KUBECONFIG={shlex.quote(str(lab.kubeconfig))}" for lab in alive)
    raise UsageError(f"{len(alive)} labs run here; say which:\n{choice}")
