"""The proxy under test in another mode, or of an earlier release."""

from collections.abc import Sequence
from dataclasses import replace

from svcproof import binaries
from svcproof.errors import Unavailable
from svcproof.model.proxy_spec import Program
from svcproof.model.release import Release
from svcproof.providers.lab.under_test import UnderTest, locate

ON_BY_DEFAULT = {"nftables": Release(31)}
"""The release from which on a mode of kube-proxy is on by default, of those that were not always."""
EARLIER = "an earlier release"
"""The word for the release whose command is declared."""
FIRST = Release(33)
"""The first release in which all modes of kube-proxy are stable."""


def other_modes(tested: UnderTest) -> tuple[str, ...]:
    """The declared modes but that of the command, and those that the release does not have without a feature gate."""
    program = tested.program
    if not program.modes:
        return ()
    own = program.command[_place_of_mode(program)]
    return tuple(mode for mode in program.modes if mode != own and _has_mode(tested, mode))


def _has_mode(tested: UnderTest, mode: str) -> bool:
    release = Release.of(tested.version) if binaries.is_component(tested.program.command[0]) else None
    return release is None or mode not in ON_BY_DEFAULT or release >= ON_BY_DEFAULT[mode]


def earlier_releases(tested: UnderTest) -> tuple[str, ...]:
    """The releases at hand from which it is upgraded: the declared one, or those of a component, the oldest first."""
    if tested.program.earlier:
        return (EARLIER,)
    name, own = tested.program.command[0], Release.of(tested.version)
    if not binaries.is_component(name) or own is None:
        return ()
    return tuple(str(release) for release in binaries.releases(name) if FIRST <= release < own)


def variant(tested: UnderTest, mode: str, release: str) -> UnderTest:
    """The same proxy in another mode, or of another release; raises Unavailable where that cannot be had."""
    if release:
        tested = _of_release(tested, release)
    if mode:
        if mode not in tested.program.modes:
            raise Unavailable(f"the declaration of {tested.spec.name} has no mode {mode} in install.program.modes")
        tested = _with(tested, _in_mode(tested.program, mode))
    return tested


def _of_release(tested: UnderTest, release: str) -> UnderTest:
    """Return it of an earlier release, which has none of the faults that were switched on."""
    earlier = tested.program.earlier
    if release == EARLIER and earlier:
        path, version = locate(tested.spec, earlier[0], lambda sentence: None)
        return replace(_with(tested, earlier), executable=path, version=version, faults=())
    word = tested.program.command[0]
    binary = binaries.of_release(word, release) if binaries.is_component(word) else None
    if binary is None:
        raise Unavailable(f"there is no release {release} of {tested.spec.name} at hand")
    return replace(tested, executable=str(binary.path), version=binary.version, faults=())


def _with(tested: UnderTest, command: Sequence[str]) -> UnderTest:
    return replace(tested, program=tested.program.model_copy(update={"command": tuple(command)}))


def _in_mode(program: Program, mode: str) -> tuple[str, ...]:
    place = _place_of_mode(program)
    return (*program.command[:place], mode, *program.command[place + 1 :])


def _place_of_mode(program: Program) -> int:
    return program.command.index(program.mode_option) + 1
