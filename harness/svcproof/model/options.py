"""The options that name a cluster and a proxy: one table for every command, and for pytest."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any

MOST_REPEATS = 1000
"""Of each check in one run."""
LAB, KIND, KUBECONFIG, REAL = ("lab",), ("kind",), ("kubeconfig",), ("kind", "kubeconfig")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The meaning of one option: its argument (none: a flag), its purpose, and the providers that heed it."""

    takes: str = ""
    says: str
    providers: tuple[str, ...] = ()
    """None: all of them."""
    variable: str = ""
    """The variable that stands in for it; such options tell of the machine, so that scripts need not repeat them."""
    file: bool = False
    """True if its argument is the name of a file."""

    @property
    def help(self) -> str:
        """The line for --help."""
        only = f" ({' or '.join(self.providers)})" if self.providers else ""
        return f"{self.says}{only}" + (f" [env: {self.variable}]" if self.variable else "")


def _option(default: object, **meaning: Any) -> Any:
    return field(default=default, metadata={"meaning": Meaning(**meaning)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of a command line; those left out are empty. `name_of` is the name of an option."""

    cluster: str = _option("", takes="NAME|FILE", says="cluster to run on [default: lab on Linux, kind elsewhere]")
    proxy: str = _option(
        "", takes="NAME|FILE", says="proxy under test [default: reference in a lab, cluster-default elsewhere]"
    )
    faults: tuple[str, ...] = _option((), takes="PART/NAME", says="switch on a fault; repeatable", providers=LAB)
    kubeconfig: str = _option("", takes="FILE", says="run on the cluster it leads to", providers=KUBECONFIG, file=True)
    context: str = _option("", takes="NAME", says="the context in it to use", providers=KUBECONFIG)
    keep: bool = _option(False, says="keep the cluster, or use one that was kept", providers=KIND)
    node_image: str = _option(
        "", takes="IMAGE", says="image of the nodes", providers=KIND, variable="SVCPROOF_NODE_IMAGE"
    )
    image: str = _option(
        "",
        takes="IMAGE",
        says="image of the sample pods: any with a python3",
        providers=REAL,
        variable="SVCPROOF_IMAGE",
    )
    metallb_manifest: str = _option(
        "",
        takes="FILE",
        says="MetalLB's, where it is to be installed",
        providers=REAL,
        variable="SVCPROOF_METALLB_MANIFEST",
        file=True,
    )
    install_metallb: bool = _option(False, says="install MetalLB into a cluster that exists", providers=REAL)

    @classmethod
    def read(cls, words: Iterable[str]) -> "Options":
        """The options that have these `words`, as the property of that name has them."""
        fields_by_option = {name_of(option.name): option for option in fields(cls)}
        values: dict[str, Any] = {}
        for word in words:
            name, has_value, value = word.removeprefix("--").partition("=")
            option = fields_by_option[name]
            earlier = values.get(option.name, ())
            values[option.name] = (*earlier, value) if option.default == () else value if has_value else True
        return cls(**values)

    @property
    def chosen_cluster(self) -> str:
        """The name or file of the cluster."""
        if self.cluster:
            return self.cluster
        if self.kubeconfig or self.context:
            return "kubeconfig"
        return "lab" if sys.platform == "linux" else "kind"

    def chosen_proxy(self, provider: str) -> str:
        """The name or file of the proxy: `reference` runs in labs alone."""
        return self.proxy or ("reference" if provider == "lab" else "cluster-default")

    def in_use(self) -> Iterator[tuple[str, Meaning, Any]]:
        """Yield field, meaning and value of each option that the command line has."""
        for option in fields(self):
            if value := getattr(self, option.name):
                yield option.name, meaning(option), value

    @property
    def words(self) -> tuple[str, ...]:
        """The options as words of a command line."""
        return tuple(
            f"--{name_of(name)}" if value is True else f"--{name_of(name)}={value}"
            for name, _, values in self.in_use()
            for value in (values if isinstance(values, tuple) else (values,))
        )


def meaning(option: "Field[Any]") -> Meaning:
    """The meaning of an option, a field of `Options`."""
    described: Meaning = option.metadata["meaning"]
    return described


def name_of(field: str) -> str:
    """The option's name, without the dashes before it."""
    return "fault" if field == "faults" else field.replace("_", "-")


def pytest_words(nodes: Iterable[str]) -> list[str]:
    """The words that name tests, or what they are in, to pytest: files, or modules, which are not named by a path."""
    nodes = list(nodes)
    modules = [node for node in nodes if not node.partition("::")[0].endswith(".py")]
    return [*(["--pyargs"] if modules else []), *nodes]
