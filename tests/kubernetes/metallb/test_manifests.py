"""What is taken for a manifest of MetalLB, and how the pinned one is obtained."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from svcproof.errors import ProvisionError, UsageError
from svcproof.kubernetes.metallb import Manifest, manifest, manifests
from svcproof.kubernetes.metallb.manifests import version_of
from svcproof.model.cluster_spec import MetalLBSpec
from tests.kubernetes.metallb.samples import NAMESPACE, objects, workload


def given(path: Path, *left_out: str, **more: object) -> Manifest:
    """Read a file with the objects of a manifest, without some of them and with others."""
    chosen = [one for name, one in {**objects(), **more}.items() if name not in left_out]
    (path / "metallb.yaml").write_text(yaml.safe_dump_all(chosen))
    return manifest(MetalLBSpec(manifest=str(path / "metallb.yaml")), print)


def test_a_manifest_tells_its_version_its_namespace_and_its_images(tmp_path: Path):
    found = given(tmp_path)

    assert (found.version, found.namespace) == ("v0.13.5", NAMESPACE)
    assert found.images == ("quay.io/metallb/controller:v0.13.5", "quay.io/metallb/speaker:v0.13.5")


def test_images_of_a_mirror_and_of_init_containers_are_told_once_each(tmp_path: Path):
    speaker = workload("DaemonSet", "speaker", "mirror.example:5000/metallb-speaker:v0.15.3")
    speaker["spec"]["template"]["spec"]["initContainers"] = [
        {"name": "files", "image": "mirror.example:5000/frr:9"},
        {"name": "more", "image": "mirror.example:5000/metallb-speaker:v0.15.3"},
    ]

    found = given(tmp_path, speaker=speaker)

    assert found.images == (
        "quay.io/metallb/controller:v0.13.5",
        "mirror.example:5000/frr:9",
        "mirror.example:5000/metallb-speaker:v0.15.3",
    )


@pytest.mark.parametrize(
    ("left_out", "lack"),
    [
        ("controller", "no Deployment of the controller"),
        ("speaker", "no DaemonSet of the speaker"),
        ("pools", "no CustomResourceDefinition ipaddresspools.metallb.io"),
        ("advertisements", "no CustomResourceDefinition l2advertisements.metallb.io"),
    ],
)
def test_a_manifest_of_something_else_is_refused_with_what_it_lacks(tmp_path: Path, left_out: str, lack: str):
    with pytest.raises(UsageError, match=f"is not a manifest of MetalLB: it has {lack}; use .*metallb-native.yaml"):
        given(tmp_path, left_out)


def test_a_manifest_without_its_namespace_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="MetalLB's namespace metallb-system is not in it"):
        given(tmp_path, "namespace")


def test_a_file_that_is_not_there_is_a_mistake_of_the_user(tmp_path: Path):
    with pytest.raises(UsageError, match=r"nowhere\.yaml: cannot be read"):
        manifest(MetalLBSpec(manifest=str(tmp_path / "nowhere.yaml")), print)


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("quay.io/metallb/controller:v0.16.2", "v0.16.2"),
        ("localhost:5000/metallb/controller:v0.16.2@sha256:abc", "v0.16.2"),
        ("localhost:5000/metallb/controller", ""),
        ("metallb-controller@sha256:abc", ""),
    ],
)
def test_the_version_is_the_tag(image: str, version: str):
    assert version_of(image) == version


CONTENT = yaml.safe_dump_all(objects().values()).encode()


class Site:
    """A web server that stands in for the release's, and how often it was asked."""

    def __init__(self) -> None:
        site = self
        self.content, self.asked = CONTENT, 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(site.content)))
                self.end_headers()
                self.wfile.write(site.content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/metallb-native.yaml"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    """The pinned release, moved to this machine, with an empty cache."""
    one = Site()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(manifests, "URL", one.url)
    monkeypatch.setattr(manifests, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    yield one
    one.server.shutdown()
    thread.join()
    one.server.server_close()


def test_the_pinned_release_is_obtained_once_and_that_is_told(site: Site):
    said: list[str] = []

    for _ in range(2):
        assert manifest(MetalLBSpec(), said.append).version == "v0.13.5"

    assert site.asked == 1
    assert said == [f"obtaining MetalLB {manifests.VERSION} from {site.url}"]


def test_a_file_in_the_cache_that_was_changed_is_obtained_again(site: Site):
    kept = manifests.obtain_release(print)
    kept.write_bytes(kept.read_bytes()[:-1])

    assert manifests.obtain_release(print).read_bytes() == CONTENT
    assert site.asked == 2


def test_what_has_another_digest_is_not_used_and_not_kept(site: Site, tmp_path: Path):
    site.content = CONTENT.replace(b"quay.io", b"evil.io")

    with pytest.raises(ProvisionError, match=r"has the SHA-256 .*, and not .*--metallb-manifest PATH"):
        manifest(MetalLBSpec(), print)

    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "lock"] == []


def test_a_site_out_of_reach_is_told_with_what_to_do(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(manifests, "URL", "http://127.0.0.1:9/metallb-native.yaml")

    with pytest.raises(ProvisionError, match=r"could not be obtained from http://127\.0\.0\.1:9/.*--metallb-manifest"):
        manifest(MetalLBSpec(), print)

    assert site.asked == 0
