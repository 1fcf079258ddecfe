"""Kubernetes' own builds, from where it releases them, checked against the digest published beside each.

https://kubernetes.io/releases/download/#binaries
"""

import hashlib
import http.client
import platform
import shutil
import urllib.request
from pathlib import Path

from svcproof.binaries.component import Component, NotObtainedError
from svcproof.limits import Request
from svcproof.model.cluster import Progress

SITE = "https://dl.k8s.io"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def download(component: Component, version: str, scratch: Path, progress: Progress) -> Path:
    """Download the component into `scratch` and return it; raises NotObtainedError where that cannot be done."""
    if not component.of_kubernetes:
        raise NotObtainedError("no release site that publishes this program by itself")
    machine = platform.machine()
    system = f"{platform.system().lower()}/{ARCHITECTURES.get(machine, machine)}"
    url = f"{SITE}/v{version}/bin/{system}/{component.name}"
    target = scratch / component.name
    try:
        with urllib.request.urlopen(f"{url}.sha256", timeout=Request.DOWNLOAD.seconds) as answer:
            published = answer.read(64).decode("ascii", "replace")
        progress(f"downloading {component.name} {version} from {SITE}")
        with urllib.request.urlopen(url, timeout=Request.DOWNLOAD.seconds) as answer, target.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except (OSError, http.client.HTTPException) as error:
        raise NotObtainedError(f"{url}: {error}") from error
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != published:
        raise NotObtainedError(f"{url}: its SHA-256 is {digest}, but {published} is published")
    target.chmod(0o755)
    return target
