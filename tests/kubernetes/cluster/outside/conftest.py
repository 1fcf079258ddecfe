"""An sshd on this machine, of which nobody else knows, and an ssh that knows it alone."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from svcproof.kubernetes.cluster.outside.ssh import SshHost
from svcproof.wait import provisioned

Sshd = Callable[..., SshHost]
WHERE = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
# Root's is asked for an account of its own; here it finds one, and an unlocked root, in a mount namespace.
ALONE = 'mount --bind "$0/passwd" /etc/passwd && mount --bind "$0/shadow" /etc/shadow && mount -t tmpfs none /run'
CONFIG = """\
ListenAddress 127.0.0.1:{port}
HostKey {place}/host
AuthorizedKeysFile {place}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
"""


@pytest.fixture
def sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sshd]:
    """Starts an sshd, whose configuration begins with some lines, and returns it as the ssh on PATH reaches it."""
    program = shutil.which("sshd", path=WHERE)
    if not (program and shutil.which("ssh")):
        pytest.skip("there is no sshd here, or no ssh")
    for name in ("host", "key"):
        _ran("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name))
    monkeypatch.setenv("PATH", f"{_ssh(tmp_path)}:{os.environ['PATH']}")
    with ExitStack() as until:
        yield lambda *lines: until.enter_context(_running(Path(program), tmp_path, lines))


@contextmanager
def _running(program: Path, place: Path, lines: tuple[str, ...]) -> Iterator[SshHost]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config, log = place / f"sshd-{port}", place / f"sshd-{port}.log"
    config.write_text("".join(f"{line}\n" for line in lines) + CONFIG.format(port=port, place=place))
    command = [str(program), "-D", "-e", "-f", str(config)]
    if os.getuid() == 0:
        (place / "passwd").write_text(f"root:*:0:0::{place}:/bin/sh\nsshd:*:1:1::/run/sshd:/bin/false\n")
        (place / "shadow").write_text("root:*:1:0:99999:7:::\nsshd:*:1:0:99999:7:::\n")
        command = ["unshare", "-m", "sh", "-c", f'{ALONE} && mkdir /run/sshd && exec "$@"', str(place), *command]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        provisioned("the sshd", log.read_text, lambda said: "Server listening" in said, 30)
        yield SshHost(f"ssh://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def _ssh(place: Path) -> Path:
    """A directory with an ssh that reads no other configuration, and knows no other keys."""
    public = " ".join((place / "host.pub").read_text().split()[:2])
    (place / "known").write_text(f"* {public}\n")
    settings = f"IdentityFile {place}/key\nIdentitiesOnly yes\nUserKnownHostsFile {place}/known\n"
    (place / "config").write_text(f"{settings}GlobalKnownHostsFile none\nStrictHostKeyChecking yes\n")
    script = place / "bin" / "ssh"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {place}/config "$@"\n')
    script.chmod(0o755)
    return script.parent


def _ran(*words: str) -> None:
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
