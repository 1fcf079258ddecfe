"""The kernel's table of tracked connections, read and changed over a netlink socket of this process."""

import errno
import logging
import os
import socket
from collections.abc import Callable, Iterator

from svcproof.reference_proxy import ctnetlink
from svcproof.reference_proxy.ctnetlink import Entry
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.flows import Flows, Targets

log = logging.getLogger(__name__)
NETLINK_NETFILTER = 12
LARGEST = 1 << 16
"""Bytes of what is received at once; the kernel sends no more than 32 KiB."""


def connected() -> socket.socket:
    """Open a socket to the netfilter of the network namespace that this process is in."""
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_NETFILTER)


def udp_entries(family: Family, targets: Targets) -> tuple[Entry, ...]:
    """List the UDP flows to these targets that the kernel remembers; where it refuses, none and an error in the log."""
    if not targets:
        return ()
    try:
        with connected() as kernel:
            kernel.send(ctnetlink.listing_request(family))
            return tuple(_listed(kernel, family, targets))
    except OSError as trouble:
        log.error("connection tracking of IPv%d could not be read: %s; stale UDP flows stay", family.version, trouble)
        return ()


def forget(family: Family, targets: Targets, stale: Callable[[Flows], Flows]) -> Flows:
    """Delete the UDP entries to these targets whose flow is stale; return their flows, and log what fails."""
    entries = udp_entries(family, targets)
    if flows := stale(frozenset(entry.flow for entry in entries)):
        try:
            with connected() as kernel:
                for entry in entries:
                    if entry.flow in flows:
                        delete(kernel, entry, family)
        except OSError as trouble:
            log.error("stale UDP flows of IPv%d could not be deleted: %s", family.version, trouble)
    return flows


def _listed(kernel: socket.socket, family: Family, targets: Targets) -> Iterator[Entry]:
    mention = ctnetlink.mention((address for address, _ in targets), family)
    while True:
        for kind, body in ctnetlink.messages(kernel.recv(LARGEST)):
            if kind in (ctnetlink.DONE, ctnetlink.ERROR):
                _check(ctnetlink.errno(body))
                return
            if kind != ctnetlink.NEW_ENTRY or not mention.search(body):
                continue
            if (entry := ctnetlink.udp_entry(body)) and (entry.flow.address, entry.flow.port) in targets:
                yield entry


def delete(kernel: socket.socket, entry: Entry, family: Family) -> None:
    """Delete an entry; one that is gone by itself is no error. Raises OSError if the kernel refuses."""
    kernel.send(ctnetlink.deletion_request(entry, family))
    for kind, body in ctnetlink.messages(kernel.recv(LARGEST)):
        if kind == ctnetlink.ERROR and (number := ctnetlink.errno(body)) != errno.ENOENT:
            _check(number)


def _check(number: int) -> None:
    if number:
        raise OSError(number, os.strerror(number))
