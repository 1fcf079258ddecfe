"""What the lab runs for the name of an image: nothing is pulled, programs of this machine stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

PROGRAMS = Path(__file__).parent / "programs"
PLACE = "/opt/image"
"""Where containers of an image with a program of ours see `programs/`."""
DEFAULT_REGISTRIES = ("docker.io/library/", "docker.io/", "index.docker.io/library/", "public.ecr.aws/docker/library/")


@dataclass(frozen=True, slots=True)
class Image:
    """What an image brings: entrypoint and command, as in its configuration.

    `programs` tells that its entrypoint is one of our programs, to be mounted at PLACE.
    """

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    programs: bool = False


def _ours(program: str, *arguments: str) -> tuple[str, ...]:
    return ("python3", f"{PLACE}/{program}", *arguments)


_SHELL = Image(command=("sh",))
_AGNHOST = Image(entrypoint=_ours("agnhost"), command=("pause",), programs=True)
IMAGES: Mapping[str, Image] = MappingProxyType(
    {
        "python": Image(command=("python3",)),
        "busybox": _SHELL,
        "alpine": Image(command=("/bin/sh",)),
        "debian": Image(command=("bash",)),
        "ubuntu": Image(command=("/bin/bash",)),
        "curlimages/curl": Image(entrypoint=("curl",), command=("--help",)),
        "nginx": Image(command=_ours("web.py", "nginx"), programs=True),
        "httpd": Image(command=_ours("web.py", "httpd"), programs=True),
        "gcr.io/google-samples/hello-app": Image(entrypoint=_ours("web.py", "hello-app"), programs=True),
        "registry.k8s.io/pause": Image(entrypoint=_ours("pause.py"), programs=True),
        "registry.k8s.io/e2e-test-images/agnhost": _AGNHOST,
        "registry.k8s.io/e2e-test-images/busybox": _SHELL,
        "registry.k8s.io/e2e-test-images/nginx": Image(command=_ours("web.py", "nginx"), programs=True),
        "registry.k8s.io/e2e-test-images/httpd": Image(command=_ours("web.py", "httpd"), programs=True),
    }
)


def find(reference: str) -> Image | None:
    """The image of this reference, whatever its tag or digest; None where the lab has nothing for it."""
    return IMAGES.get(repository(reference))


def repository(reference: str) -> str:
    """The short name of a reference: without Docker's default registry, tag and digest."""
    name = reference.partition("@")[0]
    head, slash, last = name.rpartition("/")
    name = head + slash + last.partition(":")[0]
    for prefix in DEFAULT_REGISTRIES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def hint(reference: str) -> str:
    """What a user is told about an image that is not there."""
    return (
        f'failed to pull and unpack image "{reference}": this lab pulls no images, it runs programs of this machine '
        f"under the names {', '.join(sorted(IMAGES))}"
    )
