"""`svcproof doctor`: what this machine can run, and what puts right what it cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from svcproof.cli import say
from svcproof.exit_code import ExitCode

INSTANCES = Path("/proc/sys/fs/inotify/max_user_instances")
"""The limit of this machine's kernel, where it is Linux."""
MANY_NODES = 10
"""Of kind, on one machine, all clusters together."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: where it is wrong, `remedy` says what to do and `stops` what cannot run meanwhile.

    `optional` is what the default cluster does without.
    """

    what: str
    remedy: str = ""
    stops: str = ""
    optional: bool = False


@click.command(
    short_help="Say what this machine can run, and how to help it.",
    epilog="Example: svcproof doctor && svcproof run",
)
def command() -> int:
    """Look for what the lab, the declared proxies and kind need.

    Exit code: 0 if everything can run on the lab, 3 if something cannot.
    """
    diagnoses = [*lab(), *components(), *kind()]
    for diagnosis in diagnoses:
        say(f"{'no' if diagnosis.stops else 'ok'}  {diagnosis.what}")
        if diagnosis.stops:
            say(f"    cannot run: {diagnosis.stops}")
        if diagnosis.remedy:
            say(f"    remedy: {diagnosis.remedy}")
    is_stopped = any(diagnosis.stops and not diagnosis.optional for diagnosis in diagnoses)
    return ExitCode.UNDECIDED if is_stopped else ExitCode.OK


def lab() -> Iterator[Diagnosis]:
    """Look for what a lab needs, a directory for its files included, whose error's own words hold the remedy."""
    from svcproof.disk import find_private
    from svcproof.errors import ProvisionError
    from svcproof.lab.process.requirements import missing
    from svcproof.ledger import scratch

    lacks = missing()
    for lack in lacks:
        yield Diagnosis(lack.lacking, remedy=lack.remedy, stops="any check in a lab")
    if not lacks:
        yield Diagnosis("a lab: programs, namespaces and nftables are there")
    try:
        find_private(scratch.base(), scratch.REMEDY)
    except ProvisionError as error:
        yield Diagnosis(str(error), stops="any check in a lab")


def components() -> Iterator[Diagnosis]:
    """Look for the real components that the declared proxies start, without obtaining them."""
    from svcproof import binaries, declare
    from svcproof.errors import ProvisionError

    proxies = [declare.proxy(name) for name in declare.names("proxies")]
    programs = {proxy.name: proxy.install.program.command[0] for proxy in proxies if proxy.install.program}
    for component in sorted({word for word in programs.values() if binaries.is_component(word)}):
        users = ", ".join(name for name, word in programs.items() if word == component)
        try:
            binary = binaries.look(component)
        except ProvisionError as error:  # Its own words hold the remedy.
            yield Diagnosis(str(error), stops=f"checks against {users}")
            continue
        if binary:
            yield Diagnosis(f"{component} {binary.version}: {binary.path}, {binary.how}")
        elif way := binaries.way_to_build():
            yield Diagnosis(f"{component}: not here yet; the first run downloads it, or else builds it with {way}")
        else:
            yield Diagnosis(
                f"{component} is not here, and neither is Go nor a way to install it",
                remedy=f"put {component} or go on PATH",
                stops=f"checks against {users}",
            )


def kind() -> Iterator[Diagnosis]:
    """Look for what clusters that kind makes need; an error's own words hold the remedy."""
    from svcproof.errors import ProvisionError
    from svcproof.kubernetes.kind import command_errors, engine, kind_program, node_image

    try:
        yield Diagnosis(f"{engine.find().name} answers")
        program = kind_program.find()
        yield Diagnosis(
            f"kind {node_image.dotted(program.version)}: {program.path}", remedy=node_image.outdated(program)
        )
        if INSTANCES.exists() and (limit := int(INSTANCES.read_text())) < MANY_NODES * command_errors.PER_NODE:
            yield Diagnosis(
                f"fs.inotify.max_user_instances is {limit}, for about {limit // command_errors.PER_NODE} nodes of kind",
                remedy=command_errors.INOTIFY,
            )
    except ProvisionError as error:
        yield Diagnosis(str(error).replace("\n", "\n    "), stops="any check on --cluster kind", optional=True)
