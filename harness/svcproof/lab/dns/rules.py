"""The rules of the server, as values that can be exchanged one by one."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dns.name import Name
from dns.rdatatype import RdataType

from svcproof.json_objects import Object
from svcproof.lab.dns.names import Answer, Find, Names, answer, find
from svcproof.lab.dns.records import Records, schema_version, service_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Pure functions, from the state of the cluster to answers, and the sockets that serve them."""

    of_zone: Callable[[Name], Records] = schema_version
    of_service: Callable[[Name, Object, Sequence[Object]], Records] = service_records
    keep: Callable[[Records | None, Records | None], Records | None] = lambda before, now: now
    """The records of a Service, from those it had and those it has now; None stands for no Service."""
    find: Find = find
    answer: Callable[[Names, Find, Name, RdataType], Answer] = answer
    transports: tuple[socket.SocketKind, ...] = (socket.SOCK_DGRAM, socket.SOCK_STREAM)
