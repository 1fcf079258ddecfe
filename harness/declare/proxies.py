"""What must hold between the fields of a proxy, and the paths in it made absolute."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from harness.declare.document import Loc, Mistake
from harness.errors import near
from harness.model.proxy_spec import PLACEHOLDER, PLACEHOLDERS, Install, Program, ProxySpec


def check(spec: ProxySpec) -> Iterator[Mistake]:
    """Yield what is wrong with a declaration whose single values are right."""
    install = spec.install
    ways = [key for key, there in _elsewhere(install).items() if there]
    if not ways and not install.program:
        yield Mistake(("install",), "names no way to install: program for the lab; kubeProxy, manifests or script")
    if len(ways) > 1:
        yield Mistake(("install",), f"names more than one way for clusters other than the lab: {', '.join(ways)}")
    if install.program:
        yield from _placeholders(install.program)
    if spec.ready.http and not _is_url(spec.ready.http):
        yield Mistake(("ready", "http"), f"{spec.ready.http!r} is not a URL such as http://127.0.0.1:10256/healthz")
    behaviours = [one.behaviour for one in spec.deviations]
    for index, behaviour in enumerate(behaviours):
        if behaviour in behaviours[:index]:
            yield Mistake(("deviations", index, "behaviour"), f"{behaviour} is documented twice")


def rooted(spec: ProxySpec, folder: Path) -> ProxySpec:
    """Make the relative paths in `spec` relative to `folder`, the declaration's."""
    program, install = spec.install.program, spec.install
    if program:
        first, *others = program.command
        command = (
            _below(folder, first) if "/" in first else first,
            *(_below(folder, word) if _is_beside(folder, word) else word for word in others),
        )
        program = program.model_copy(update={"command": command})
    changed = {
        "program": program,
        "manifests": tuple(_below(folder, path) for path in install.manifests),
        "script": _below(folder, install.script) if install.script else "",
    }
    return spec.model_copy(update={"install": install.model_copy(update=changed)})


def has_way_into(spec: ProxySpec, provider: str) -> bool:
    """Whether the proxy can be installed into a cluster of this provider."""
    return bool(spec.install.program) if provider == "lab" else any(_elsewhere(spec.install).values())


def _elsewhere(install: Install) -> dict[str, bool]:
    return {
        "kubeProxy": install.kube_proxy is not None,
        "manifests": bool(install.manifests),
        "script": bool(install.script),
    }


def _placeholders(program: Program) -> Iterator[Mistake]:
    words: list[tuple[Loc, str]] = [(("command", index), word) for index, word in enumerate(program.command)]
    words += [(("environment", key), word) for key, word in program.environment.items()]
    for where, word in words:
        for name in PLACEHOLDER.findall(word):
            if name not in PLACEHOLDERS:
                what = f"{{{name}}} is not a placeholder" + near(name, PLACEHOLDERS)
                yield Mistake(("install", "program", *where), what)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_beside(folder: Path, word: str) -> bool:
    return word.startswith(("./", "../")) or ("/" in word and not word.startswith("-") and (folder / word).is_file())


def _below(folder: Path, path: str) -> str:
    return path if path.startswith("{") else str(folder / path)
