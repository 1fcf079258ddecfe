"""The rules of the kubelet, as values that can be exchanged one by one."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.kubelet.name_files import ClusterFirst, cluster_first, hostname, hosts, resolv_conf
from svcproof.lab.kubelet.service_variables import Word, gives_variables, namespaces, service_variables, word
from svcproof.lab.layout import Layout

Variables = Mapping[str, str]
Renew = Callable[[], Awaitable[Variables]]
"""Works out the variables of a container as they would be if it started now."""


def joined(declared: Variables, services: Variables) -> Variables:
    """Return the variables of Services, and over them those that the container declares."""
    return {**services, **declared}


def of_this_start(before: Variables | None, now: Variables) -> Variables:
    """Give each start of a container the variables of that time, whatever those of the start before were."""
    return now


async def of_container(started: Variables, renew: Renew) -> Variables:
    """Give a command that is run in a container the variables that the container was started with."""
    return started


def readiness_probe(container: Object) -> Object | None:
    """The probe that decides whether a running container is ready; None where it is ready at once."""
    return container.get("readinessProbe")


def as_probed(before: bool, now: bool) -> bool:
    """Report a container ready as long as its readiness probe says so."""
    return now


def in_full(seconds: float) -> float:
    """Leave a container that is to end all of its grace period."""
    return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Pure functions, from Services and pods to the files, variables and states of containers."""

    namespaces: Callable[[str], Collection[str | None]] = namespaces
    gives_variables: Callable[[Object], bool] = gives_variables
    word: Word = word
    service_variables: Callable[[Object, Object, Iterable[Object], Word], Variables] = service_variables
    of_start: Callable[[Variables | None, Variables], Variables] = of_this_start
    of_command: Callable[[Variables, Renew], Awaitable[Variables]] = of_container
    environment: Callable[[Variables, Variables], Variables] = joined
    references: Callable[[Variables, Variables], Variables] = joined
    hostname: Callable[[Object, str], str] = hostname
    cluster_first: ClusterFirst = cluster_first
    resolv_conf: Callable[[Object, Layout, ClusterFirst], str] = resolv_conf
    hosts: Callable[[Object, tuple[str, ...], Layout], str] = hosts
    readiness_probe: Callable[[Object], Object | None] = readiness_probe
    readiness: Callable[[bool, bool], bool] = as_probed
    grace: Callable[[float], float] = in_full
