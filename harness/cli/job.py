"""`svcproof job`: a run inside the cluster, as a Job."""

import click

from harness.cli.rbac import MORE_NAMESPACES


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

    Its results are left there in a ConfigMap svcproof-results, compressed, as far as a ConfigMap can hold them:

    \b
      kubectl -n svcproof-1 get configmap svcproof-results \\
        -o 'jsonpath={.binaryData.run\\.jsonl\\.gz}' | base64 -d | gunzip
    """
    import yaml

    from harness.cluster import rbac
    from harness.cluster.job import IMAGE, job

    names = rbac.names(namespaces)
    objects = [*rbac.objects(names, None), job(names[0], image or IMAGE, options, claim)]
    click.echo(yaml.safe_dump_all(objects, sort_keys=False), nl=False)
