"""The programs that the lab runs for the names of images: nothing is pulled, programs of this machine stand in."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.layout import ImageConfig

PROGRAMS = Path(__file__).parent / "programs"
PLACE = "/opt/image"
"""The path under which containers of an image with a program of ours see `programs/`."""
CLIENTS = ("curl", "nc", "nslookup", "wget")
DEFAULT_REGISTRIES = ("docker.io/library/", "docker.io/", "index.docker.io/library/", "public.ecr.aws/docker/library/")


@dataclass(frozen=True, slots=True)
class Image:
    """The contents of an image: entrypoint and command, as in its configuration.

    `files` are what containers of it find at which path; `own` are directories of which each start gets a copy that
    it may write to.
    """

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    own: Mapping[str, Path] = field(default_factory=dict)
    fixed: bool = False
    """True if it runs its own command, whatever command and arguments the container has."""


def _ours(program: str, *arguments: str) -> Image:
    return Image(command=("python3", f"{PLACE}/{program}", *arguments), files={PLACE: PROGRAMS})


def _server(kind: str) -> Image:
    """An HTTP server whose arguments are those of the container."""
    return Image(("python3", f"{PLACE}/web.py", kind), files={PLACE: PROGRAMS})


def _web(kind: str, root: str) -> Image:
    """A web server whose document root has the welcome page of its kind."""
    return Image(
        command=("python3", f"{PLACE}/web.py", kind),
        files={**_clients(), PLACE: PROGRAMS},
        own={root: PROGRAMS / "pages" / kind},
    )


def _agnhost() -> Image:
    """The real one where this machine has it."""
    real = shutil.which("agnhost")
    files = {"/agnhost": Path(real)} if real else {"/agnhost": PROGRAMS / "agnhost.sh", PLACE: PROGRAMS}
    entrypoint = ("/agnhost",) if real else ("python3", f"{PLACE}/start_agnhost.py")
    return Image(entrypoint, ("pause",), {**_clients(), **files})


def _clients() -> dict[str, Path]:
    """Clients that images of small systems have and this machine lacks."""
    return {f"/usr/local/bin/{name}": PROGRAMS / "clients" / f"{name}.py" for name in CLIENTS if not shutil.which(name)}


_SHELL = Image(command=("sh",), files=_clients())
_NGINX = _web("nginx", "/usr/share/nginx/html")
_HTTPD = _web("httpd", "/usr/local/apache2/htdocs")
IMAGES: Mapping[str, Image] = MappingProxyType(
    {
        "python": Image(command=("python3",)),
        "busybox": _SHELL,
        "alpine": _SHELL,
        "debian": Image(command=("bash",)),
        "ubuntu": Image(command=("bash",)),
        "curlimages/curl": Image(("curl",), ("--help",), _clients()),
        "hashicorp/http-echo": _server("http-echo"),
        "nicolaka/netshoot": Image(command=("bash",), files=_clients()),
        "nginx": _NGINX,
        "httpd": _HTTPD,
        "gcr.io/google-samples/hello-app": _ours("web.py", "hello-app"),
        "us-docker.pkg.dev/google-samples/containers/gke/hello-app": _ours("web.py", "hello-app"),
        "registry.k8s.io/busybox": _SHELL,
        "registry.k8s.io/echoserver": _ours("web.py", "echoserver"),
        "registry.k8s.io/nginx-slim": _NGINX,
        "registry.k8s.io/serve_hostname": _ours("start_agnhost.py", "serve-hostname"),
        "registry.k8s.io/pause": _ours("start_agnhost.py", "pause"),
        "registry.k8s.io/e2e-test-images/agnhost": _agnhost(),
        "registry.k8s.io/e2e-test-images/busybox": _SHELL,
        "registry.k8s.io/e2e-test-images/glibc-dns-testing": _SHELL,
        "registry.k8s.io/e2e-test-images/jessie-dnsutils": _SHELL,
        "registry.k8s.io/e2e-test-images/nginx": _NGINX,
        "registry.k8s.io/e2e-test-images/httpd": _HTTPD,
        "traefik/whoami": _server("whoami"),
    }
)


def image_of(container: Object, declared: Iterable[ImageConfig]) -> Image | None:
    """The image of a container: one declared by its name, else one of the lab's, else one declared by a pattern."""
    reference = container["image"]
    names = {reference, repository(reference), short(reference)}
    for image in declared:
        if image.pattern in names:
            return _declared(image, container)
    if image_of_ours := find(reference):
        return image_of_ours
    for image in declared:
        if any(fnmatchcase(name, image.pattern) for name in names):
            return _declared(image, container)
    return None


def _declared(image: ImageConfig, container: Object) -> Image:
    if image.command:
        return Image(image.command, files=_clients())
    ports = (f"{port['containerPort']}/{port.get('protocol', 'TCP')}" for port in container.get("ports") or ())
    return Image(("python3", f"{PLACE}/stand_in.py", *ports), files={**_clients(), PLACE: PROGRAMS}, fixed=True)


def find(reference: str) -> Image | None:
    """The image of this reference, whatever its tag or digest; None where the lab has nothing for it."""
    return IMAGES.get(repository(reference))


def repository(reference: str) -> str:
    """The short name of a reference: without Docker's default registry, tag and digest."""
    name = reference.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return short(head + slash + last.partition(":")[0])


def short(name: str) -> str:
    """A name without Docker's default registry."""
    for prefix in DEFAULT_REGISTRIES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def hint(reference: str) -> str:
    """Say to the user what to do about an image that is not there."""
    return (
        f'failed to pull and unpack image "{reference}": this lab pulls no images; its declaration can say what runs '
        f'for this one, `images: {{"{repository(reference)}": {{command: [PROGRAM]}}}}`, or `{{}}` for a server on its '
        f"ports; programs of this machine run for {', '.join(sorted(IMAGES))}"
    )
