"""Agents are asked with the patience of the run, from whichever thread."""

import json

from svcproof.agent.vantage import Vantage, sweep
from svcproof.limits import Judged, Patience, Request, patience
from svcproof.model.probe import Target

THERE = Target("10.96.0.9", 80)
DROPPED = {"outcome": "dropped", "seconds": 1.0, "resent": 0}


class Deaf:
    """A channel to an agent whose probes are all dropped; it remembers how long it was asked to wait."""

    def __init__(self):
        self.asked = []

    def ask(self, path, body, timeout):
        probes = json.loads(body)["probes"]
        self.asked.append(({probe["timeout"] for probe in probes}, timeout))
        return json.dumps([DROPPED] * len(probes)).encode()


class Nowhere:
    def record(self, happenings, began):
        pass


def vantage(channel):
    return Vantage("client", "node-a", ("10.0.0.1",), channel, Nowhere(), shell=None)


def test_probes_and_their_agent_have_more_time():
    channel = Deaf()

    with patience(Patience(2)):
        vantage(channel).tcp(THERE)
        vantage(channel).tcp(THERE, timeout=0.5)

    margin = 2 * Request.AGENT.usual
    assert channel.asked == [({2.0}, 2.0 + margin), ({1.0}, 1.0 + margin)]


def test_so_they_have_in_the_threads_of_a_sweep():
    channels = [Deaf(), Deaf()]

    with patience(Patience(2)):
        sweep(map(vantage, channels), [THERE])

    assert [channel.asked[0][0] for channel in channels] == [{2 * Judged.PROBE.usual}] * 2


def test_what_is_lost_never_passes_as_slow():
    channel = Deaf()

    with patience(Patience(100)):
        vantage(channel).tcp(THERE)

    assert channel.asked[0][0] == {Judged.PROBE.ceiling}
