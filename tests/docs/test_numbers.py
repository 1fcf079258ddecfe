"""The numbers of behaviours in the documentation are those of the catalogue."""

import re
from collections import Counter

import pytest

from svcproof import declare, providers
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.model.behaviour import Behaviour, Level
from svcproof.model.vocabulary import SWITCHES
from tests.docs.test_commands import PAGES, ROOT

WHOLE_RUN = 100
"""Behaviours, at least, of which a page says that they are all."""
README = ROOT / "README.md"
PROSE = [page for page in PAGES if page.name != "behaviours.md"]


@pytest.fixture(scope="module")
def behaviours() -> tuple[Behaviour, ...]:
    return catalogue(suites_dir())


@pytest.fixture(scope="module")
def asked(behaviours: tuple[Behaviour, ...]) -> tuple[Behaviour, ...]:
    """The behaviours of a whole run: those of a switch are asked of a proxy alone that claims it."""
    return tuple(behaviour for behaviour in behaviours if not behaviour.features & SWITCHES)


@pytest.fixture(scope="module")
def testable(asked: tuple[Behaviour, ...]) -> tuple[Behaviour, ...]:
    """The behaviours that can be shown on the lab."""
    lacking = providers.find("lab").capabilities(declare.cluster("lab"))
    return tuple(behaviour for behaviour in asked if not behaviour.capabilities & lacking.keys())


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.name)
def test_who_says_how_many_behaviours_there_are_says_how_many_there_are(page, behaviours, asked, testable):
    text = page.read_text()

    totals = {int(number) for number in re.findall(r"\b(\d+) behaviours\b", text)}
    core = re.findall(r"\b(\d+) of (\d+) core behaviours", text)

    assert {number for number in totals if number >= WHOLE_RUN} <= {len(behaviours), len(asked)}
    assert {(int(shown), int(all_)) for shown, all_ in core if int(all_) >= WHOLE_RUN} <= {
        (sum(one.core for one in testable), sum(one.core for one in behaviours))
    }


def test_the_table_of_a_whole_run_is_that_of_a_proxy_that_does_everything(asked, testable):
    rows = re.findall(r"^([a-z_]+) +(\d.*|  +\d+)$", README.read_text(), re.MULTILINE)
    shown = {area: tuple(map(int, counts.split())) for area, counts in rows}

    recorded = Counter(one.area for one in testable if one.level is Level.MAY)
    passed = Counter(one.area for one in testable if one.level is not Level.MAY)
    left = Counter(one.area for one in asked if one not in testable)
    columns = (passed, recorded, left)
    for counts in columns:
        counts["all"] = counts.total()
    assert shown == {area: tuple(counts[area] for counts in columns if counts[area]) for area in shown}
    assert "all" in shown


def test_the_run_of_two_areas_has_their_behaviours(behaviours):
    text = (ROOT / "docs/test-your-proxy.md").read_text()
    selected = [one for one in behaviours if one.area in {"cluster_ip", "source_address"}]

    assert re.findall(r"^mine on lab: (\d\d+) behaviours", text, re.MULTILINE) == [str(len(selected))]
    assert re.findall(r"^\d\d+ of (\d\d+) core", text, re.MULTILINE) == [str(sum(one.core for one in selected))]
