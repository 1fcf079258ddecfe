"""`svcproof lab`: a cluster to play with."""

import os
import shlex
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcproof.cli import say
from svcproof.exit_code import ExitCode

if TYPE_CHECKING:
    from svcproof.lab.directory import Directory
    from svcproof.providers.lab.cluster import LabCluster

HOW_TO = """
The lab is up: {places}. {begin}

  export KUBECONFIG={kubeconfig}
  kubectl get nodes
  svcproof lab exec {node} -- ip route
{outside}
{end}"""
IN_THE_FOREGROUND = "In another terminal:"
CTRL_C = "Ctrl-C removes the lab and all that is in it."
DETACHED = "It stays until it is taken down."
DOWN = """{command} removes the lab and all that is in it.
What happens to the lab meanwhile is logged in {log}."""

LOOK_EVERY = 1.0
FILE = click.Path(path_type=Path)


@click.group(short_help="Have a cluster to play with.", epilog="Example: svcproof lab up --proxy kube-proxy-nftables")
def command() -> None:
    """Have a cluster of this machine's network namespaces, and run commands on its nodes."""


@command.command(
    short_help="Bring a lab up.",
    epilog="Example: svcproof lab up --detach --kubeconfig lab.yaml",
)
@click.option("--cluster", default="lab", show_default=True, metavar="NAME|FILE", help="Declaration of the lab.")
@click.option("--proxy", default="reference", show_default=True, metavar="NAME|FILE|none", help="Proxy on its nodes.")
@click.option("--fault", "faults", multiple=True, metavar="PART/NAME", help="Switch on a fault; repeatable.")
@click.option("--detach", is_flag=True, help="Return when the lab is up; `svcproof lab down` removes it.")
@click.option("--kubeconfig", default=None, type=FILE, metavar="FILE", help="Have its kubeconfig there too, as a link.")
def up(cluster: str, proxy: str, faults: tuple[str, ...], detach: bool, kubeconfig: Path | None) -> int:
    """Bring a lab up and keep it until Ctrl-C, SIGTERM, or SIGHUP unless that is ignored, as by nohup.

    With --detach, until `svcproof lab down`.
    """
    from svcproof import declare, interrupts
    from svcproof.errors import UsageError
    from svcproof.lab.process import background, detached
    from svcproof.providers import lab

    # A script's `svcproof lab up &` has SIGINT ignored, and yet it is the documented way to end a lab.
    interrupts.heed(even_if_ignored={signal.SIGINT})
    spec = declare.cluster(cluster)
    if spec.provider != "lab":
        raise UsageError(f"cluster {cluster} is not a lab but of provider {spec.provider}")
    under_test = None if proxy == "none" else declare.proxy(proxy)
    if kubeconfig:
        kubeconfig = kubeconfig.absolute()
        detached.check_free(kubeconfig)
    keeper = background.begin() if detach else None
    log = None
    try:
        with (
            lab.up(spec, under_test, faults=faults, progress=lambda step: say(f"{step} ...")) as cluster_up,
            detached.linked(kubeconfig, cluster_up.lab.directory),
        ):
            log = detached.make_log(cluster_up.lab.directory) if keeper else None
            say(how_to(cluster_up, kubeconfig, log))
            if keeper and log:
                keeper.leave(log)
            watch(cluster_up)
    except KeyboardInterrupt:
        say("the lab is gone")
    if log:
        log.unlink(missing_ok=True)
    return ExitCode.OK


@command.command(short_help="Remove a detached lab.", epilog="Example: svcproof lab down --kubeconfig lab.yaml")
@click.option("--kubeconfig", default=None, type=FILE, metavar="FILE", help="The lab whose kubeconfig this is.")
def down(kubeconfig: Path | None) -> None:
    """Remove the lab that `svcproof lab up --detach` has brought up.

    Where several run, it is the one of --kubeconfig, or else whose kubeconfig KUBECONFIG names.
    """
    from svcproof.errors import UsageError
    from svcproof.lab.process import detached

    labs = {lab.directory: lab for lab in detached.running()}
    if kubeconfig and not any(leads_to(kubeconfig, place) for place in labs):
        raise UsageError(f"--kubeconfig {kubeconfig}: no detached lab that runs here has it")
    named = str(kubeconfig) if kubeconfig else os.environ.get("KUBECONFIG", "")
    choice = "svcproof lab down --kubeconfig "
    lab = labs[chosen(tuple(labs), named, "detached lab", "svcproof lab up --detach", choice)]
    detached.end(lab)
    say(f"removed the lab {lab.directory.path}")


def watch(cluster: "LabCluster") -> None:
    """Say when the proxy ends; raises ProvisionError when the lab does."""
    last = ""
    while True:
        cluster.lab.wait(LOOK_EVERY)
        if (trouble := cluster.proxy_trouble()) != last:
            say(trouble, err=True)
            last = trouble


def how_to(cluster: "LabCluster", kubeconfig: Path | None, log: Path | None) -> str:
    """Directions for the use of a lab that is up; it is detached if it has a log."""
    leading = shlex.quote(str(kubeconfig or cluster.kubeconfig))
    node = cluster.nodes[0].name
    service = cluster.lab.layout.api_service[0]
    outside = "".join(
        f"  svcproof lab exec {client.name} -- curl -sk https://{service}/version\n" for client in cluster.outside[:1]
    )
    if cluster.tested is None:
        outside = "\nNo proxy runs, so no Service can be reached yet.\n"
    places = ", ".join(cluster.lab.layout.places)
    begin, end = IN_THE_FOREGROUND, CTRL_C
    if log:
        begin, end = DETACHED, DOWN.format(command=f"svcproof lab down --kubeconfig {leading}", log=log)
    return HOW_TO.format(places=places, begin=begin, kubeconfig=leading, node=node, outside=outside, end=end)


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
    from svcproof.errors import UsageError
    from svcproof.lab.process import enter, leftovers
    from svcproof.lab.process.requirements import search_path
    from svcproof.lab.process.settings import read

    named = os.environ.get("KUBECONFIG", "")
    lab = chosen(leftovers.alive(), named, "lab", "svcproof lab up", "export KUBECONFIG=")
    places = read(lab).layout.places
    if place not in places:
        raise UsageError(f"no place {place!r} in this lab; there is {', '.join(places)}")
    command = argv[argv[0] == "--" :]  # click leaves it where an argument came before it
    words = enter.outside(lab, places[place], command)
    os.execvpe(words[0], words, {**os.environ, "PATH": search_path()})


def chosen(labs: "Sequence[Directory]", kubeconfig: str, kind: str, remedy: str, choice: str) -> "Directory":
    """Return the lab that has this kubeconfig, or the only one; raises UsageError where that cannot be told."""
    from svcproof.errors import UsageError

    named = [lab for lab in labs if kubeconfig and leads_to(Path(kubeconfig), lab)]
    if len(named or labs) == 1:
        return (named or labs)[0]
    if not labs:
        raise UsageError(f"no {kind} runs here: bring one up with `{remedy}`")
    choices = "\n".join(f"  {choice}{shlex.quote(str(lab.kubeconfig))}" for lab in labs)
    raise UsageError(f"{len(labs)} {kind}s run here; say which:\n{choices}")


def leads_to(kubeconfig: Path, lab: "Directory") -> bool:
    """True if this is the path of the lab's kubeconfig, or a link to it."""
    return kubeconfig.resolve() == lab.kubeconfig.resolve()
