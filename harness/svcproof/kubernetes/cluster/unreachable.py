"""A cluster that cannot be asked, or refuses: told with what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from svcproof.errors import ProbeError, ProvisionError, Rejected

LOG_IN = "The credentials in the kubeconfig are not accepted, or have expired: log in again"
NO_RIGHT = "Have an administrator give this account what a run needs: svcproof rbac | kubectl apply -f -"


@contextmanager
def with_remedy(server: str) -> Iterator[None]:
    """Raise ProvisionError, with a remedy, where the API server does not answer what is asked inside, or refuses it.

    `server` is its address in the kubeconfig.
    """
    try:
        yield
    except Rejected as refusal:
        raise ProvisionError(f"{refusal}\n{LOG_IN if refusal.code == 401 else NO_RIGHT}") from refusal
    except ProbeError as trouble:
        remedy = f"Is the cluster at {server} up, and does kubectl get nodes work from here with this kubeconfig?"
        raise ProvisionError(f"{trouble}\n{remedy}") from trouble
