"""A declarative conformance harness for Kubernetes Service proxies; its attributes are what an author of checks needs.

They are of `svcproof.authoring`, and imported when the first of them is asked for: the command and the pytest plugin
of other people's projects begin with this package.
"""

TYPE_CHECKING = False  # for type checkers it is True; `typing` itself would be one more import

if TYPE_CHECKING:
    from svcproof.authoring import *  # noqa: F403


def __getattr__(name: str) -> object:
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec(f"{__name__}.{name}"):  # `from svcproof import MODULE` asks here first, and then imports the module
        raise AttributeError(f"module {__name__!r} has not imported {name!r}")
    authoring = import_module("svcproof.authoring")  # "from svcproof import" would ask here again
    if name not in (*authoring.__all__, "__all__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(authoring, name)
