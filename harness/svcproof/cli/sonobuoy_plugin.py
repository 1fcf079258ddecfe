"""`svcproof sonobuoy-plugin`: a run inside the cluster, started and collected by Sonobuoy."""

import click


@click.command(
    short_help="Print a plugin for Sonobuoy.",
    epilog="Example: svcproof sonobuoy-plugin > svcproof.yaml && sonobuoy run --plugin svcproof.yaml",
    context_settings={"ignore_unknown_options": True},
)
@click.option("--image", default="", metavar="IMAGE", help="An image with svcproof in it [default: svcproof:latest]")
@click.argument("options", nargs=-1, metavar="[-- RUN OPTIONS]")
def command(image: str, options: tuple[str, ...]) -> None:
    """Print the definition of a plugin that makes one run and hands in its files: Sonobuoy reads the JUnit report."""
    import yaml

    from svcproof.cli.job import check_run, check_word
    from svcproof.kubernetes.cluster.job import IMAGE, sonobuoy_plugin
    from svcproof.model import words

    check_run(options)
    check_word("--image", image, words.image)

    click.echo(yaml.safe_dump(sonobuoy_plugin(image or IMAGE, options), sort_keys=False), nl=False)
