import asyncio
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zlib import adler32

import pytest

from svcproof.lab.kubelet import images
from svcproof.lab.kubelet.downward import field, resource
from svcproof.lab.kubelet.environment import expand
from svcproof.lab.kubelet.log import Log, Query
from svcproof.lab.kubelet.pod_resources import Addresses
from svcproof.lab.kubelet.preparation import Backoff
from svcproof.lab.kubelet.server.spdy import DICTIONARY, Codec, Frame, Kind
from svcproof.lab.kubelet.streams import Stream
from svcproof.lab.layout import ImageConfig


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$(A)/$(B)", "1/2"),
        ("$(NOBODY)", "$(NOBODY)"),
        ("$$(A)", "$(A)"),
        ("$A $ (A)", "$A $ (A)"),
        ("$$$(A)", "$1"),
        ("$(A", "$(A"),
    ],
)
def test_references_expand_as_kubernetes_has_it(text: str, expanded: str):
    assert expand(text, {"A": "1", "B": "2"}) == expanded


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("nginx", "nginx"),
        ("nginx:1.27", "nginx"),
        ("docker.io/library/nginx:1.27@sha256:" + "0" * 64, "nginx"),
        ("docker.io/curlimages/curl:8.9.1", "curlimages/curl"),
        ("registry.k8s.io/pause:3.10", "registry.k8s.io/pause"),
        ("localhost:5000/nginx", "localhost:5000/nginx"),
    ],
)
def test_images_are_known_by_their_short_names(reference: str, name: str):
    assert images.repository(reference) == name


def test_an_image_of_another_registry_is_not_the_one_of_the_same_name():
    assert images.find("localhost:5000/nginx") is None


def command_of(image: str, **declared: tuple[str, ...]) -> tuple[str, ...]:
    names = [ImageConfig(pattern.replace("ALL", "*"), command) for pattern, command in declared.items()]
    found = images.image_of({"image": image}, names)
    return (*found.entrypoint, *found.command) if found else ()


def test_a_declared_image_goes_before_the_labs_and_a_pattern_after():
    assert command_of("redis:alpine", redis=("mine",)) == ("mine",)
    assert command_of("docker.io/library/redis@sha256:00", redis=("mine",)) == ("mine",)
    assert command_of("busybox", busybox=("mine",)) == ("mine",)
    assert command_of("busybox", ALL=("mine",)) == ("sh",)
    assert command_of("redis", **{"myteam/ALL": ("mine",)}) == ()
    assert command_of("myteam/app:1", **{"myteam/ALL": ("mine",), "ALL": ("other",)}) == ("mine",)
    assert command_of("redis:7", **{"redis:6": ("six",)}) == ()


def test_the_message_about_an_unknown_image_says_how_to_declare_it():
    assert '`images: {"team/app": {command: [PROGRAM]}}`' in images.hint("team/app:3")


def test_addresses_are_taken_in_order_and_used_again_last():
    pool = Addresses((ip_network("10.244.1.0/29"),))
    taken = [pool.take() for _ in range(5)]

    assert taken[0] == ("10.244.1.2",)
    with pytest.raises(LookupError):
        pool.take()
    pool.give_back(taken[3])
    pool.give_back(taken[1])
    assert pool.take() == taken[3]


def test_dual_stack_pods_get_one_address_of_each_family():
    assert Addresses((ip_network("10.244.1.0/24"), ip_network("fd00:1::/64"))).take() == ("10.244.1.2", "fd00:1::2")


def test_restarts_are_held_back_for_longer_and_longer():
    backoff = Backoff(immediate=True)

    assert [backoff.next() for _ in range(8)] == [0, 10, 20, 40, 80, 160, 300, 300]


POD: Any = {
    "metadata": {"name": "p", "namespace": "n", "uid": "u", "labels": {"b": "2", "a": "1"}},
    "spec": {"nodeName": "node-a"},
    "status": {"podIP": "10.244.1.2", "podIPs": [{"ip": "10.244.1.2"}, {"ip": "fd00::2"}]},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.name", "p"),
        ("metadata.labels", 'a="1"\nb="2"'),
        ("metadata.labels['a']", "1"),
        ("metadata.annotations['none']", ""),
        ("spec.nodeName", "node-a"),
        ("spec.serviceAccountName", "default"),
        ("status.podIPs", "10.244.1.2,fd00::2"),
    ],
)
def test_the_downward_api_tells_fields(path: str, value: str):
    assert field(POD, path) == value


def test_resources_are_told_in_units_of_the_divisor_rounded_up():
    container: Any = {"resources": {"limits": {"memory": "64Mi", "cpu": "250m"}}}

    assert resource(container, {"resource": "limits.memory", "divisor": "1Mi"}) == "64"
    assert resource(container, {"resource": "limits.cpu"}) == "1"
    assert resource(container, {"resource": "limits.cpu", "divisor": "1m"}) == "250"


async def _read(log: Log, query: Query) -> bytes:
    return b"".join([line async for line in log.read(query)])


def read(log: Log, **query: Any) -> bytes:
    return asyncio.run(_read(log, Query(**query)))


def test_a_log_gives_back_what_was_written_whatever_the_pieces(tmp_path: Path):
    log = Log(tmp_path / "0.log")
    for piece in (b"one\ntw", b"o\n\nthr", b"ee"):
        log.write(Stream.STDOUT, piece)
    log.close()

    assert read(log) == b"one\ntwo\n\nthree"
    assert read(log, tail=2) == b"\nthree"
    assert read(log, limit=6) == b"one\ntw"


def test_a_line_longer_than_a_log_record_stays_one_line(tmp_path: Path):
    log = Log(tmp_path / "0.log")
    log.write(Stream.STDOUT, b"x" * 40_000 + b"\n")
    log.close()

    assert read(log) == b"x" * 40_000 + b"\n"


def test_a_log_can_be_read_from_a_time_on(tmp_path: Path):
    log = Log(tmp_path / "0.log")
    log.write(Stream.STDERR, b"line\n")
    log.close()

    assert read(log, since=timedelta(hours=1)) == b"line\n"
    assert read(log, since=datetime.now(UTC) + timedelta(hours=1)) == b""


def test_the_spdy_dictionary_is_the_specifications():
    assert adler32(DICTIONARY) == 0xE3C6A7C2


def test_spdy_frames_survive_their_encoding_in_any_pieces():
    sender, receiver = Codec(), Codec()
    frames = [
        Frame(kind=Kind.SYN_STREAM, stream=1, headers={"streamtype": "error", "port": "80", "requestid": "0"}),
        Frame(kind=Kind.SYN_REPLY, stream=1),
        Frame(kind=Kind.DATA, stream=1, data=b"hello", fin=True),
        Frame(kind=Kind.PING, data=b"\0\0\0\1"),
    ]

    sent = b"".join(sender.encode(frame) for frame in frames)

    assert [frame for byte in sent for frame in receiver.feed(bytes([byte]))] == frames
