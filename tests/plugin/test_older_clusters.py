"""Behaviours that are younger than the cluster: untestable there, unless they are asked for."""

from tests.plugin.conftest import RunSuite

CHECKS = '''
@pytest.fixture(scope="session")
def older(cluster):
    cluster.versions = {"kubernetes": "v1.24.17-gke.100"}

@behaviour(level=MUST, kep=1669, since="1.28", **claim)
def test_first_and_younger(older, probe):
    """A thing holds."""
    probe()
    assert False

@behaviour(level=MUST, kep=1669, since="1.28", **claim)
def test_younger(older, probe):
    """A thing holds."""
    probe()
    assert False

@behaviour(level=MUST, kep=1864, since="1.24", **claim)
def test_of_this_release(older, probe):
    """A thing holds."""
    probe()
    assert True

@behaviour(level=MUST, binding="1.38", **claim)
def test_not_binding(older, probe):
    """A thing holds."""
    probe()
    assert False
'''
WHY = (
    "older than the promise: KEP-1669 Proxy terminating endpoints, on by default since 1.26, stable since 1.28, and "
    "this cluster is of 1.24 (v1.24.17-gke.100); --ignore-release checks it all the same"
)


def of(kind: str, lines: list[dict[str, object]]) -> dict[object, dict[str, object]]:
    return {line.get("id"): line for line in lines if line["kind"] == kind}


def test_what_is_younger_than_the_cluster_is_untestable_and_says_since_when(run_suite: RunSuite) -> None:
    code, lines = run_suite(CHECKS)

    facts = of("fact", lines)
    assert {name: fact["finding"] for name, fact in facts.items()} == {
        "first_and_younger": "untestable",
        "younger": "untestable",
        "of_this_release": "confirmed",
        "not_binding": "refuted",
    }
    assert {str(facts[name]["reason"]) for name in ("first_and_younger", "younger")} == {WHY}
    assert code == 0


def test_what_is_younger_than_the_proxy_is_untestable_on_a_cluster_that_promises_it(run_suite: RunSuite) -> None:
    versions = '{"kubernetes": "v1.36.3", "kube-proxy": "v1.24.17"}'

    _, lines = run_suite(CHECKS.replace('{"kubernetes": "v1.24.17-gke.100"}', versions))

    reason = str(of("fact", lines)["younger"]["reason"])
    assert "and this proxy is of 1.24 (kube-proxy v1.24.17), on a cluster of 1.36 (v1.36.3)" in reason
    assert lines[0]["judging"] == 2


def test_it_is_checked_where_that_is_asked_for_and_the_run_says_so(run_suite: RunSuite) -> None:
    code, lines = run_suite(CHECKS, "--svcproof-ignore-release")

    assert [fact["finding"] for fact in of("fact", lines).values()] == ["refuted", "refuted", "confirmed", "refuted"]
    assert lines[0]["ignore_release"] is True
    assert code == 1


def test_the_selection_has_what_judging_needs(run_suite: RunSuite) -> None:
    _, lines = run_suite(CHECKS)

    selected = {behaviour["id"]: behaviour for behaviour in lines[1]["behaviours"]}  # type: ignore[attr-defined]
    assert (selected["younger"]["kep"], selected["younger"]["since"]) == (1669, "1.28")
    assert selected["not_binding"]["binding"] == "1.38"
    assert of("versions", lines)[None]["of"] == {"kubernetes": "v1.24.17-gke.100"}
