"""Who expects a refusal first sees that resets and ICMP errors of a closed port reach the client."""

import pytest

from svcproof.model.probe import Observation, Outcome, Protocol, Seen
from svcproof.plugin.fixtures.controls import lost_refusals

pytestmark = pytest.mark.timeout(30)


class Network:
    """A vantage behind a network that carries refusals of some protocols, each from the second look on."""

    name = "client-a"

    def __init__(self, *carried):
        self.carried = carried
        self.looks = 0

    def probe(self, targets):
        self.looks += 1
        return Seen(tuple(self.observation(target) for target in targets))

    def observation(self, target):
        arrives = target.protocol in self.carried and self.looks > 1
        outcome, errno = (Outcome.REFUSED, "ECONNREFUSED") if arrives else (Outcome.DROPPED, None)
        return Observation(vantage=self.name, target=target, outcome=outcome, seconds=0.1, errno=errno)


class Clock:
    """A clock that is ahead at once by what is slept."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setattr("svcproof.wait.waiting.time", Clock())


def test_refusals_that_come_late_come_through():
    assert lost_refusals(Network(Protocol.TCP, Protocol.UDP), "10.244.0.9", 9) == ""


@pytest.mark.parametrize(("carried", "lost"), [(Protocol.TCP, "udp"), (Protocol.UDP, "tcp")])
def test_a_network_that_loses_one_kind_of_refusal_is_told(carried, lost):
    why = lost_refusals(Network(carried), "10.244.0.9", 9)

    assert why.startswith("refusals do not reach client-a: a closed port of 10.244.0.9 should refuse")
    assert f"client-a -> {lost} 10.244.0.9:9: dropped" in why
