"""A check looks by the claims of its behaviour: a feature that is missing is not taken for one that works."""

import pytest

from svcproof.everywhere import claims_for
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.release import Release
from svcproof.model.vocabulary import Feature
from svcproof.promise.readings import readings
from svcproof.promise.world import Claims

pytestmark = pytest.mark.timeout(10)


def behaviour(*features: Feature, since: str = "", kep: int | None = None) -> Behaviour:
    return Behaviour(
        id="it_is_so",
        requirement="It is so.",
        spec="https://example.org/clause",
        because="",
        level=Level.SHOULD,
        by=Part.PROXY,
        area="everywhere",
        features=frozenset(features),
        kep=kep,
        since=since,
    )


def test_a_feature_that_a_behaviour_needs_may_not_be_missing_from_what_its_check_sees() -> None:
    release = Release.read("1.37")
    core = Claims(features=frozenset(), release=release)

    claims = claims_for(core, behaviour(Feature.TRAFFIC_DISTRIBUTION))

    assert claims.features == {Feature.TRAFFIC_DISTRIBUTION}
    assert len(list(readings(claims))) == len(list(readings(core))) - 1


def test_what_a_behaviour_does_not_need_may_still_be_missing() -> None:
    core = Claims(features=frozenset())

    assert claims_for(core, behaviour()) == core


def test_a_behaviour_of_external_ips_is_looked_at_as_if_they_were_not_switched_off() -> None:
    claims = claims_for(Claims(features=frozenset({Feature.EXTERNAL_IPS_OFF})), behaviour(Feature.EXTERNAL_IPS))

    assert claims.features == {Feature.EXTERNAL_IPS}


@pytest.mark.parametrize(("release", "seen_by"), [(None, "1.33"), ("1.29", "1.33"), ("1.33", "1.33"), ("1.37", "1.37")])
def test_a_behaviour_that_is_checked_on_an_older_cluster_is_looked_at_by_its_own_release(
    release: str | None, seen_by: str
) -> None:
    claims = Claims(release=Release.read(release) if release else None)

    assert claims_for(claims, behaviour(since="1.33", kep=4444)).release == Release.read(seen_by)
