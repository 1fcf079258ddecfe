"""The proxy under test as another one: in another of its modes, or of an earlier release."""

from pathlib import Path

import pytest

from svcproof import binaries
from svcproof.binaries import Binary, How
from svcproof.errors import Unavailable
from svcproof.model.proxy_spec import Install, Program, ProxySpec
from svcproof.model.release import Release
from svcproof.providers.lab.under_test import UnderTest
from svcproof.providers.lab.variants import EARLIER, earlier_releases, other_modes, variant


def proxy_of(*command: str, version: str = "", **keys: object) -> UnderTest:
    program = Program.model_validate({"command": command, **keys})
    return UnderTest(ProxySpec(name="mine", install=Install(program=program)), program, ("proxy/x",), "/it", version)


MODES = {"modeOption": "--proxy-mode", "modes": ["iptables", "nftables", "ipvs"]}


def test_other_modes_are_those_that_the_command_does_not_name() -> None:
    proxy = proxy_of("kube-proxy", "--proxy-mode", "nftables", "-v", "2", **MODES)

    assert other_modes(proxy) == ("iptables", "ipvs")


@pytest.mark.parametrize(("version", "modes"), [("1.29.6", ("ipvs",)), ("1.31.0", ("nftables", "ipvs"))])
def test_a_kube_proxy_is_not_asked_for_a_mode_that_is_off_in_its_release(version: str, modes: tuple[str, ...]) -> None:
    assert other_modes(proxy_of("kube-proxy", "--proxy-mode", "iptables", version=version, **MODES)) == modes
    assert other_modes(proxy_of("./mine", "--proxy-mode", "iptables", **MODES)) == ("nftables", "ipvs")


def test_in_another_mode_nothing_else_of_the_command_changes() -> None:
    proxy = variant(proxy_of("kube-proxy", "--proxy-mode", "nftables", "-v", "2", **MODES), "iptables", "")

    assert proxy.program.command == ("kube-proxy", "--proxy-mode", "iptables", "-v", "2")
    assert proxy.faults == ("proxy/x",)


def test_a_mode_that_is_not_declared_cannot_be_had() -> None:
    with pytest.raises(Unavailable, match="mine has no mode ipvs"):
        variant(proxy_of("mine"), "ipvs", "")


def test_a_proxy_that_declares_no_earlier_release_has_none() -> None:
    assert earlier_releases(proxy_of("mine", version="1.37.2")) == ()


def test_a_declared_earlier_release_is_started_without_the_faults() -> None:
    proxy = proxy_of("sh", "-c", "now", earlier=["sh", "-c", "before"])

    (release,) = earlier_releases(proxy)
    earlier = variant(proxy, "", release)

    assert (release, earlier.program.command[1:], earlier.faults) == (EARLIER, ("-c", "before"), ())


def test_kube_proxy_is_upgraded_from_releases_at_hand_whose_modes_are_stable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "releases", lambda name: tuple(map(Release, (29, 33, 35, 37, 38))))

    assert earlier_releases(proxy_of("kube-proxy", version="1.37.2")) == ("1.33", "1.35")


def test_kube_proxy_of_a_release_that_is_not_at_hand_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "of_release", lambda name, release: None)

    with pytest.raises(Unavailable, match=r"no release 1\.34 of mine"):
        variant(proxy_of("kube-proxy", version="1.37.2"), "", "1.34")


def test_another_release_in_another_mode_is_both(monkeypatch: pytest.MonkeyPatch) -> None:
    older = Binary(Path("/older"), "1.33.13", How.CACHE)
    monkeypatch.setattr(binaries, "of_release", lambda name, release: older)

    proxy = variant(proxy_of("kube-proxy", "--proxy-mode", "nftables", **MODES), "iptables", "1.33")

    assert (proxy.executable, proxy.version, proxy.program.command[-1]) == ("/older", "1.33.13", "iptables")
