import errno
import runpy
from pathlib import Path

import pytest

import svcproof.agent

ERRNOS = runpy.run_path(str(Path(svcproof.agent.__file__).parent / "pod" / "errnos.py"))


def meaning(name, **how):
    """The outcome of a probe of an address to which there is a route, or "no probe"."""
    return ERRNOS["meaning"](getattr(errno, name), "127.0.0.1", **how).get("outcome", "no probe")


@pytest.mark.parametrize("name", ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EPERM"])
def test_what_a_load_balancer_at_the_socket_says_at_connect_is_a_refusal(name):
    assert meaning(name, connecting=True) == "refused"


@pytest.mark.parametrize(
    "name", ["EADDRNOTAVAIL", "EADDRINUSE", "EACCES", "EINVAL", "EAFNOSUPPORT", "ENOBUFS", "EAGAIN", "EMFILE"]
)
def test_what_this_machine_lacks_at_connect_is_no_probe(name):
    assert meaning(name, connecting=True) == "no probe"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("ECONNREFUSED", "refused"),
        ("ECONNRESET", "refused"),
        ("EPIPE", "refused"),
        ("EHOSTUNREACH", "refused"),
        ("ENETUNREACH", "refused"),
        ("EACCES", "refused"),
        ("EPROTO", "refused"),
        ("ENOPROTOOPT", "refused"),
        ("EDESTADDRREQ", "torn-down"),
        ("ECONNABORTED", "torn-down"),
        ("ETIMEDOUT", "dropped"),
        ("ENOBUFS", "no probe"),
        ("EADDRNOTAVAIL", "no probe"),
        ("EINVAL", "no probe"),
        ("EIO", "no probe"),
    ],
)
def test_an_error_after_connect_says_who_ended_the_probe(name, outcome):
    assert meaning(name) == outcome
