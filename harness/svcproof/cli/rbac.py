"""`svcproof rbac`: what an account needs for a run, to be applied by an administrator."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from svcproof.kubernetes.cluster.rbac import Subject


MORE_NAMESPACES = click.option(
    "--namespaces",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Namespaces to be made beforehand: a run needs two per worker.",
)


@click.command(
    short_help="Print what an account needs for a run.",
    epilog="Example: svcproof rbac --namespaces 4 | kubectl apply -f -",
)
@MORE_NAMESPACES
@click.option("--user", default="", metavar="NAME", help="Give it to a user, not to an account made for it.")
@click.option("--serviceaccount", default="", metavar="NAMESPACE/NAME", help="Give it to an account that exists.")
@click.option("--for-proxy", is_flag=True, help="Also what switching kube-proxy's mode takes.")
@click.option(
    "--for-metallb", is_flag=True, help="Also what --install-metallb, or a proxy from manifests, takes: cluster-admin."
)
def command(namespaces: int, user: str, serviceaccount: str, for_proxy: bool, for_metallb: bool) -> None:
    """Print YAML: namespaces for runs to use, an account, a Role in each and a small ClusterRole that only reads.

    With these, runs change nothing outside the namespaces; with --for-proxy and --for-metallb they can. Nothing is
    asked of a cluster.
    """
    import yaml

    from svcproof.kubernetes.cluster import rbac

    subject = _subject(user, serviceaccount)
    some = rbac.objects(rbac.names(namespaces), subject, for_proxy=for_proxy, for_metallb=for_metallb)
    click.echo(yaml.safe_dump_all(some, sort_keys=False), nl=False)


def _subject(user: str, serviceaccount: str) -> "Subject | None":
    from svcproof.errors import UsageError
    from svcproof.kubernetes.cluster.rbac import Subject
    from svcproof.model import words
    from svcproof.printable import quoted

    if user and serviceaccount:
        raise UsageError("--user and --serviceaccount exclude each other")
    if user and (why := words.problem(words.told, user)):
        raise UsageError(f"--user {quoted(user)}: {why}")
    if user:
        return Subject("User", user)
    if serviceaccount:
        namespace, slash, name = serviceaccount.partition("/")
        if not slash or words.problem(words.object_name, namespace) or words.problem(words.object_name, name):
            raise UsageError(f"--serviceaccount {quoted(serviceaccount)}: should be NAMESPACE/NAME")
        return Subject("ServiceAccount", name, namespace)
    return None
