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


async def of_container(started: Variables, renew: Renew) -> Variables:
    """Give a command that is run in a container the variables that the container was started with."""
    return started


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Pure functions, from Services and pods to the files, variables and states of containers."""

    namespaces: Callable[[str], Collection[str | None]] = namespaces
    gives_variables: Callable[[Object], bool] = gives_variables
    word: Word = word
    service_variables: Callable[[Object, Object, Iterable[Object], Word], Variables] = service_variables
    of_start: Callable[[Variables | None, Variables], Variables] = lambda before, now: now
    """The variables of a start of a container, from those of the start before and those of that time."""
    of_command: Callable[[Variables, Renew], Awaitable[Variables]] = of_container
    environment: Callable[[Variables, Variables], Variables] = joined
    references: Callable[[Variables, Variables], Variables] = joined
    hostname: Callable[[Object, str], str] = hostname
    cluster_first: ClusterFirst = cluster_first
    resolv_conf: Callable[[Object, Layout, ClusterFirst], str] = resolv_conf
    hosts: Callable[[Object, tuple[str, ...], Layout], str] = hosts
    readiness_probe: Callable[[Object], Object | None] = lambda container: container.get("readinessProbe")
    """The probe that decides whether a running container is ready; None where it is ready at once."""
    readiness: Callable[[bool, bool], bool] = lambda before, now: now
    """True if a container is reported ready, from what was reported before and what its probe says now."""
    grace: Callable[[float], float] = lambda seconds: seconds
    """The part of its grace period that a container is left."""
