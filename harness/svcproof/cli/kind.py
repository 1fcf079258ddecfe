"""`svcproof kind`: clusters of kind that are kept between runs."""

from typing import Any

import click

from svcproof.cli import cluster_options, say
from svcproof.exit_code import ExitCode
from svcproof.model.options import Options


@click.group(
    short_help="Keep clusters of kind between runs.",
    epilog="Example: svcproof kind up && svcproof run --cluster kind && svcproof kind down",
)
def command() -> None:
    """Make clusters of kind that stay, list and remove them; a run takes up the one of its declaration."""


@command.command(short_help="Make a cluster and keep it.", epilog="Example: svcproof kind up --cluster kind-dual")
@cluster_options
def up(**words: Any) -> int:
    """Make the cluster of a declaration, with the kube-proxy that suits the proxy, and keep it."""
    from dataclasses import replace

    from svcproof import declare
    from svcproof.errors import UsageError
    from svcproof.kubernetes.kind import cluster_lifecycle, tools
    from svcproof.kubernetes.swap import kube_proxy_mode_for_kind

    options = Options(**words)
    options = replace(options, keep=False, cluster=options.cluster or "kind")
    spec, proxy = declare.pair(options)
    if spec.provider != "kind":
        raise UsageError(f"cluster {options.cluster} is not made by kind but of provider {spec.provider}")
    spec = spec.model_copy(update={"keep": True})
    mode = kube_proxy_mode_for_kind(proxy)
    with cluster_lifecycle.made_cluster(tools.find(), spec, mode, lambda step: say(f"{step} ...")) as cluster:
        pass
    say(f"{cluster.name} is there: svcproof run --cluster {options.cluster} takes it up")
    say(f"look into it with: kind export kubeconfig --name {cluster.name} --kubeconfig FILE")
    return ExitCode.OK


@command.command(short_help="Remove a cluster that was kept.", epilog="Example: svcproof kind down kind-dual")
@click.argument("name", default="kind")
def down(name: str) -> int:
    """Remove the cluster NAME: a declaration's name (default: kind), or the cluster's own."""
    from svcproof.kubernetes.kind import cluster_lifecycle, tools

    removed = cluster_lifecycle.remove_cluster(tools.find(), name, lambda step: say(f"{step} ..."))
    say(f"{removed} is gone")
    return ExitCode.OK


@command.command("list", short_help="List the clusters there are.", epilog="Example: svcproof kind list")
def list_() -> None:
    """List the clusters of kind that svcproof has made, and what they are there for."""
    from svcproof.kubernetes.kind import cluster_lifecycle, tools

    clusters = list(cluster_lifecycle.clusters(tools.find()))
    for cluster in clusters:
        say(f"{cluster.name}  {cluster.nodes} node{'' if cluster.nodes == 1 else 's'}, {cluster.use}")
    if not clusters:
        say("none; svcproof kind up makes one")
