"""A real etcd and kube-apiserver on 127.0.0.1, with the command lines that a lab starts them with."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from svcproof import binaries
from svcproof.lab.layout import Layout
from svcproof.lab.planes import commands
from svcproof.lab.planes.commands import Place
from svcproof.lab.planes.kubernetes import write_files
from svcproof.lab.process.credentials import write_certificates, write_kubeconfig

TOKEN = "let-me-in"
READY_WITHIN = 60
NAMES = ("etcd", "kube-apiserver")


@dataclass(frozen=True)
class RealApiServer:
    """One that answers: its URL, its files, and a kubeconfig with the administrator's token."""

    url: str
    place: Place
    kubeconfig: Path


def programs() -> dict[str, Path]:
    """The programs where they are at hand; else the test is skipped."""
    found = {name: binaries.look(name) for name in NAMES}
    if missing := [name for name, binary in found.items() if binary is None]:
        pytest.skip(f"no {' and no '.join(missing)} at hand: scripts/obtain {' '.join(missing)}")
    return {name: binary.path for name, binary in found.items() if binary}


@contextmanager
def real_api_server(
    directory: Path,
    paths: Mapping[str, Path],
    plan: Layout,
    *,
    left_out: Sequence[str],
) -> Iterator[RealApiServer]:
    """Start both without some admission, and every caller may do everything; they are killed in the end."""
    store, peers, port = _ports(3)
    place = Place(
        directory=directory, address="127.0.0.1", advertised=plan.fabric[0], port=port, etcd=store, etcd_peers=peers
    )
    made = directory / "certificates"
    made.mkdir()
    write_certificates(made, plan)
    write_files(place, certificates=made, token=TOKEN)
    shutil.rmtree(made)
    server = commands.api_server(
        paths["kube-apiserver"],
        place,
        service_ranges=plan.service_ranges,
        left_out=left_out,
        authorization="AlwaysAllow",
    )
    write_kubeconfig(directory / "kubeconfig", server=place.url, authority=place.authority, token=TOKEN)
    with ExitStack() as stack:
        for argv in (commands.etcd(paths["etcd"], place), server):
            log = stack.enter_context((directory / f"{Path(argv[0]).name}.log").open("wb"))
            process = stack.enter_context(subprocess.Popen(argv, stdout=log, stderr=log))
            stack.callback(process.kill)  # The server first: it outlives its other signals.
        _await_ready(place)
        yield RealApiServer(place.url, place, directory / "kubeconfig")


def _await_ready(place: Place) -> None:
    context = ssl.create_default_context(cafile=place.authority)
    request = Request(f"{place.url}/readyz", headers={"Authorization": f"Bearer {TOKEN}"})
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        try:
            with urlopen(request, context=context, timeout=2):
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    log = (place.directory / "kube-apiserver.log").read_text()
    raise RuntimeError(f"{place.url} was not ready within {READY_WITHIN} s:\n{log[-2000:]}")


def _ports(count: int) -> list[int]:
    sockets = [create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
