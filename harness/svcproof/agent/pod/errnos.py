"""The meaning of a socket's error for a probe: refused, dropped, torn down, or no probe at all.

The table in docs/verdicts.md lists the same.
"""

from __future__ import annotations

import errno
import socket
import struct
from ipaddress import ip_address
from typing import Any

Result = dict[str, Any]
"""`outcome` with `seconds`, and `answer`, `errno` or `detail`; or `error` alone, where no probe could be made."""
REFUSALS = {
    errno.ECONNREFUSED,
    errno.ECONNRESET,
    errno.EPIPE,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.EACCES,
    errno.EPROTO,
    errno.ENOPROTOOPT,
    errno.EHOSTDOWN,
    errno.ENONET,
    errno.EOPNOTSUPP,
    errno.EPERM,
}
"""Errors that resets and ICMP errors become (net/ipv4/icmp.c, net/ipv6/icmp.c), and those with which a hook at
connect() refuses: EPERM where a BPF program of a cgroup gives no other."""
TORN_DOWN = {errno.EDESTADDRREQ, errno.ECONNABORTED}
"""Errors of a socket that SOCK_DESTROY or bpf_sock_destroy() ended; a UDP socket keeps giving the first."""
UNROUTED = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EINVAL}
"""Errors of the route table: no route, and routes of type unreachable, prohibit and blackhole."""
RTM_GETROUTE, NLM_F_REQUEST, NLMSG_ERROR, RTA_DST = 26, 1, 2, 1  # linux/rtnetlink.h, linux/netlink.h


def meaning(code: int, address: str, connecting: bool = False) -> Result:
    """Return the result of a probe of `address` that ended with this error; `connecting` if connect() returned it."""
    name = errno.errorcode.get(code, str(code))
    if code in UNROUTED and route_error(address) == code:
        return failed(OSError(code, f"the route table of this client has no way to {address}"))
    if code in TORN_DOWN:
        return {"outcome": "torn-down", "errno": name}
    if code == errno.ETIMEDOUT:  # so says this kernel when nothing came back to any of its attempts
        return {"outcome": "dropped"}
    if code in REFUSALS and not (connecting and code == errno.EACCES):
        return {"outcome": "refused", "errno": name}
    return failed(OSError(code, f"this client's kernel does not let it ask {address}"))


def failed(why: OSError) -> Result:
    """Say that no probe was made, since this side lacked something for it."""
    return {"error": f"{errno.errorcode.get(why.errno or 0, 'OSError')}: {why.strerror or why}"}


def route_error(address: str) -> int:
    """Return the error with which the route table itself answers for an address, or 0 where it has a route.

    It is asked over netlink, which no hook at connect() sees.
    """
    packed = ip_address(address).packed
    family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
    body = struct.pack("=BBBBBBBBI", family, 8 * len(packed), 0, 0, 0, 0, 0, 0, 0)
    body += struct.pack("=HH", 4 + len(packed), RTA_DST) + packed
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
            kernel.settimeout(1.0)
            kernel.sendto(struct.pack("=IHHII", 16 + len(body), RTM_GETROUTE, NLM_F_REQUEST, 0, 0) + body, (0, 0))
            answer = kernel.recv(8192)
    except OSError:  # a sandbox without netlink: the error is then taken for the network's
        return 0
    (kind,) = struct.unpack_from("=H", answer, 4)
    return -int(struct.unpack_from("=i", answer, 16)[0]) if kind == NLMSG_ERROR else 0
