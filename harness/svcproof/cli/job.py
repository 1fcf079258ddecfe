"""`svcproof job`: a run inside the cluster, as a Job."""

from collections.abc import Callable, Sequence
from dataclasses import fields

import click

from svcproof.cli.rbac import MORE_NAMESPACES


@click.command(
    short_help="Print a Job that makes a run inside the cluster.",
    epilog="Example: svcproof job --image registry.example/svcproof:1 -- --profile core | kubectl apply -f -",
    context_settings={"ignore_unknown_options": True},
)
@click.option("--image", default="", metavar="IMAGE", help="An image with svcproof in it [default: svcproof:latest]")
@MORE_NAMESPACES
@click.option("--pvc", "claim", default="", metavar="NAME", help="A PersistentVolumeClaim that gets the results.")
@click.argument("options", nargs=-1, metavar="[-- RUN OPTIONS]")
def command(image: str, namespaces: int, claim: str, options: tuple[str, ...]) -> None:
    """Print YAML: what `svcproof rbac` prints, and a Job `svcproof` in the first of the namespaces.

    Its files are left there in a ConfigMap svcproof-results, compressed; what it has no room for is named in it:

    \b
      kubectl -n svcproof-1 get configmap svcproof-results \\
        -o 'jsonpath={.binaryData.run\\.jsonl\\.gz}' | base64 -d | gunzip
    """
    import yaml

    from svcproof.kubernetes.cluster import rbac
    from svcproof.kubernetes.cluster.job import IMAGE, job
    from svcproof.model import words

    check_run(options, namespaces)
    check_word("--image", image, words.image)
    check_word("--pvc", claim, words.object_name)
    names = rbac.names(namespaces)
    objects = [*rbac.objects(names, None), job(names[0], image or IMAGE, options, claim)]
    click.echo(yaml.safe_dump_all(objects, sort_keys=False), nl=False)


def check_word(name: str, value: str, check: Callable[[str], str]) -> None:
    """Raise UsageError where an option has a value that `check` refuses."""
    from svcproof.errors import UsageError
    from svcproof.model.words import problem
    from svcproof.printable import quoted

    if value and (why := problem(check, value)):
        raise UsageError(f"{name} {quoted(value)}: {why}")


def check_run(options: Sequence[str], namespaces: int | None = None) -> None:
    """Raise UsageError where `svcproof run` would refuse these options in a cluster, as far as this machine can tell.

    Files that they name are the image's; `namespaces` says how many there are beforehand, where that is known.
    """
    from svcproof import declare
    from svcproof.cli.run import command as run
    from svcproof.cli.run import option_problems
    from svcproof.declare.catalogue import catalogue
    from svcproof.errors import UsageError, gathered
    from svcproof.kubernetes.cluster.preflight import PER_WORKER
    from svcproof.model import criteria
    from svcproof.model.options import KUBECONFIG, Options, name_of
    from svcproof.plugin.processes import fitting

    parameters = run.make_context("svcproof run", list(options)).params
    options_of_run = Options(**{field.name: parameters[field.name] for field in fields(Options)})
    problems = [
        f"--{name_of(name)} is for clusters of {' or '.join(meant.providers)}: a Job runs on the one that it is in"
        for name, meant, _ in options_of_run.in_use()
        if meant.providers and not set(meant.providers) & set(KUBECONFIG)
    ]
    with gathered(problems):
        criteria.read({name: parameters[name] for name in criteria.CRITERIA}, catalogue(declare.suites_dir()))
    problems += option_problems(parameters["expression"], parameters["shard"], parameters["patience"])
    workers = parameters["workers"] or fitting("kubeconfig", 0)
    if namespaces is not None and namespaces < (needed := workers * PER_WORKER):
        problems.append(f"--workers {workers} needs --namespaces {needed}, {PER_WORKER} for each")
    if problems:
        raise UsageError(problems)
