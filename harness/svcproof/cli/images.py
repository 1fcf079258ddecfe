"""`svcproof images`: what has to be in a registry, or in the nodes, before a run."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import cluster_options, say
from svcproof.model.options import Options

if TYPE_CHECKING:
    from svcproof.model.cluster_spec import ClusterSpec
    from svcproof.model.proxy_spec import ProxySpec


@click.command(
    short_help="Print the images that a run uses.",
    epilog="Example: svcproof images --cluster kind --proxy ./mine.yaml",
)
@cluster_options
def command(**words: Any) -> None:
    """Print the images that a run with these options uses, one per line: for mirrors where nothing can be pulled.

    What is used but cannot be named is told on standard error, with the reason.
    """
    from svcproof import declare

    on, proxy = declare.pair(Options(**words))
    for image in dict.fromkeys(used(on, proxy)):
        say(image)


def used(on: "ClusterSpec", proxy: "ProxySpec") -> Iterator[str]:
    """Yield the images of a run; a lab runs none."""
    if on.provider == "lab":
        say("a lab runs no images", err=True)
        return
    if on.provider == "kind":
        yield from _of_kind(on)
    yield on.agent.image
    if on.provider == "kind" or on.metallb.install:
        yield from _of_metallb(on)
    yield from _of_proxy(proxy)


def _of_kind(on: "ClusterSpec") -> Iterator[str]:
    from svcproof.kubernetes.kind import node_image

    if image := node_image.chosen(on):
        yield image
    else:
        say("the nodes run the default image of your kind; --node-image names another", err=True)
    yield from on.kind.load


def _of_metallb(on: "ClusterSpec") -> Iterator[str]:
    from svcproof.errors import ProvisionError
    from svcproof.kubernetes import metallb

    try:
        yield from metallb.manifest(on.metallb, lambda step: say(f"{step} ...", err=True)).images
    except ProvisionError as error:
        say(f"the images of MetalLB are not known: {error}", err=True)


def _of_proxy(proxy: "ProxySpec") -> Iterator[str]:
    from svcproof.declare import manifests

    yield from manifests.images_in(proxy.install.manifests)
    if proxy.install.helm or proxy.install.script:
        way = "Helm chart" if proxy.install.helm else "script"
        say(f"what the {way} of {proxy.name} installs cannot be told without running it", err=True)
