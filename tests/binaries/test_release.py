"""Downloads, from a release site of our own on the loopback."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from svcproof.binaries import release
from svcproof.binaries.component import COMPONENTS, NotObtainedError

BODY = b"\x7fELF and more"


class Site:
    """Serves one program; what it says of the program can be set."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256(BODY).hexdigest()
        self.body = BODY
        self.asked: list[str] = []
        site = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                digest = self.path.endswith(".sha256")
                body, length = (site.digest.encode(), 64) if digest else (site.body, len(BODY))
                self.send_response(200)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    serving = Site()
    monkeypatch.setattr(release, "SITE", serving.url)
    thread = threading.Thread(target=serving.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield serving
    serving.server.shutdown()
    thread.join()
    serving.server.server_close()


def get(scratch: Path, name: str = "kube-proxy") -> Path:
    return release.download(COMPONENTS[name], "1.33.13", scratch, lambda sentence: None)


def test_a_download_whose_digest_is_the_published_one_is_taken(site: Site, tmp_path: Path) -> None:
    made = get(tmp_path)

    assert made.read_bytes() == BODY
    assert made.stat().st_mode & 0o111
    assert site.asked[1].startswith("/v1.33.13/bin/linux/")
    assert site.asked == [f"{site.asked[1]}.sha256", site.asked[1]]


def test_another_digest_than_the_published_one_is_refused(site: Site, tmp_path: Path) -> None:
    site.digest = "0" * 64

    with pytest.raises(NotObtainedError, match=f"its SHA-256 is .*, but {'0' * 64} is published"):
        get(tmp_path)


def test_a_download_that_ends_early_is_refused(site: Site, tmp_path: Path) -> None:
    site.body = BODY[:5]

    with pytest.raises(NotObtainedError, match="kube-proxy: its SHA-256 is"):
        get(tmp_path)


def test_a_site_out_of_reach_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "SITE", "http://127.0.0.1:9")

    with pytest.raises(NotObtainedError, match=r"http://127\.0\.0\.1:9/.*refused"):
        get(tmp_path)


def test_what_is_not_released_by_itself_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    with pytest.raises(NotObtainedError):
        get(tmp_path, "etcd")

    assert site.asked == []
