"""An opened cell tells why it is as it is, whatever the run holds."""

from dataclasses import replace

import pytest

from svcproof.model.chance import Chance
from svcproof.model.event import Event
from svcproof.model.fact import Finding
from svcproof.model.machine import Machine
from svcproof.model.probe import Answer, Observation, Outcome, Protocol, Target
from svcproof.model.step import StepKind
from svcproof.report import runfile
from tests.pages.accessibility import violations
from tests.pages.recorded import recorded_facts, recorded_run
from tests.pages.scripts import read, show, write

pytestmark = pytest.mark.browser
CLIP = "navigator.clipboard.writeText = async (text) => { window.copied = text; }"
EVIL = '"><img src=x onerror="window.evil=1"><script>window.evil=1</script>\u202e\U0001f480\x1b[31m' + "x" * 300


@pytest.fixture
def open_cell(open_page, tmp_path):
    """Open the cell of one behaviour of a run, in a window of this width."""

    def opened(run, behaviour=None, *, base=None, **window):
        page = open_page(write(tmp_path / "functions.html"), **window)
        runfile.store(run, place := tmp_path / "kept")
        got = read(page, (place / "run.jsonl").read_bytes())
        assert "refused" not in got, got
        show(page, behaviour or run.behaviours[0].id, base)
        return page

    return opened


def run_of(*facts, **behaviour):
    """A run of one behaviour that has these facts, of the recorded ones where they are not changed."""
    run = recorded_run()
    claim = next(each for each in run.behaviours if each.id == facts[0].id)
    repeats = max(fact.attempt for fact in facts)
    header = replace(run.header, repeat=repeats)
    return replace(run, header=header, behaviours=(replace(claim, **behaviour),), facts=facts)


def fact_named(start):
    return next(fact for fact in recorded_facts() if fact.id.startswith(start))


def test_each_recorded_fault_is_told_with_what_was_expected_and_what_diverged_first(open_cell):
    run = recorded_run()
    page = open_cell(run)
    for behaviour in run.behaviours[1:]:
        show(page, behaviour.id)

    for fact in run.facts:
        cell = page.locator(f'section[aria-label="{fact.id}"]')
        text = cell.inner_text()
        assert fact.divergence.sentence in text
        refuted = next(step for step in reversed(fact.steps) if step.end == "refuted")
        assert f"Expected: {refuted.expected}" in text
        assert f"svcproof run --cluster lab --proxy reference -k {fact.id}" in text
        assert cell.locator(".details-looks tbody tr").count() > 0
        assert "✗ fail" in text
    assert len(run.facts) > 50
    assert violations(page) == []


def test_a_link_leads_to_the_clause_and_one_to_the_enhancement(open_cell):
    page = open_cell(recorded_run())

    assert page.locator("dl.details-promise a").evaluate_all("links => links.map((link) => link.href)") == [
        "https://example.org/service/#clause",
        "https://github.com/kubernetes/enhancements/issues/2086",
    ]
    assert "stable since Kubernetes 1.26" in page.inner_text("dl.details-promise")


@pytest.mark.parametrize("spec", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a b", "x"])
def test_what_is_no_address_of_the_web_is_no_link(open_cell, spec):
    page = open_cell(run_of(fact_named("cluster_ip_reaches"), spec=spec, kep=None))

    assert page.locator("dl.details-promise a").count() == 0
    assert spec in page.inner_text("dl.details-promise")


def test_the_picture_has_who_asked_through_what_and_a_cross_where_nothing_came_back(open_cell):
    fact = next(fact for fact in recorded_facts() if "high_port" in fact.id or "highest" in fact.id)
    page = open_cell(run_of(fact))
    picture = page.locator(".details-picture").inner_text()

    probe = next(event.probe for event in reversed(fact.events) if event.probe)
    assert probe.vantage in picture
    assert probe.node in picture
    assert str(probe.target) in picture
    assert "ClusterIP of Service" in picture
    assert "✗" in picture
    assert "gets no answer" in page.locator(".details-picture").text_content()


def test_who_did_not_see_what_was_expected_is_marked_among_those_who_did(open_cell):
    fact = next(fact for fact in recorded_facts() if fact.id == "cluster_ip_reaches_a_backend_from_every_node")
    wrong = {s.vantage for step in fact.steps for s in step.settling if s.settled is None and s.last_wrong is not None}
    page = open_cell(run_of(fact))

    marked = page.locator(".details-wrong b").all_inner_texts()

    assert len({s.vantage for step in fact.steps if step.end == "refuted" for s in step.settling}) >= len(set(marked))
    assert set(marked) <= wrong


def test_who_alone_did_not_see_it_comes_first(open_cell):
    fact = next(fact for fact in recorded_facts() if fact.id == "each_of_several_source_ranges_admits_its_client")
    page = open_cell(run_of(fact))

    assert page.locator(".details-wrong b").all_inner_texts() == ["outside-2"]
    assert "outside-2" in page.locator(".details-picture li").first.inner_text()
    assert "not as expected" not in page.locator(".details-picture li").nth(1).inner_text()


def test_many_alike_are_one_row_with_their_number_and_many_rows_are_folded(open_cell):
    fact = fact_named("cluster_ip_reaches_a_backend_from_pods")
    last = fact.events[-1]
    probes = tuple(
        replace(
            last, at=last.at + number / 1000, count=3, probe=replace(last.probe, target=Target("10.96.0.1", number + 1))
        )
        for number in range(500)
    )
    page = open_cell(run_of(replace(fact, events=(*fact.events, *probes))))
    rows = page.locator(".details-looks").first.locator("tbody tr")

    before, first = rows.count(), rows.first.inner_text()
    page.get_by_role("button", name="Show all").first.click()

    assert before < 20
    assert " s, 30 " in first
    assert rows.count() > 400
    assert "more are in the table" in page.locator("figure").first.inner_text()


def test_repeats_can_be_chosen_and_the_one_that_decided_comes_first(open_cell):
    refuted = fact_named("cluster_ip_reaches_a_backend_from_pods")
    held = replace(
        refuted, finding=Finding.CONFIRMED, reason="", divergence=None, evidence=None, circumstances=(), attempt=1
    )
    page = open_cell(run_of(held, replace(refuted, attempt=2)))

    assert "~ flaky" in page.inner_text("section")
    assert "refuted in 1 of 2 repeats" in page.inner_text("section")
    assert page.get_by_role("button", name="2: did not hold").get_attribute("aria-pressed") == "true"
    assert refuted.divergence.sentence in page.inner_text("section")

    page.get_by_role("button", name="1: held").click()

    assert refuted.divergence.sentence not in page.inner_text("section")
    assert page.get_by_role("button", name="1: held").get_attribute("aria-pressed") == "true"


def test_a_second_try_on_a_machine_that_was_starved_is_named_so(open_cell):
    refuted = fact_named("cluster_ip_reaches_a_backend_from_pods")
    starved = replace(refuted, machine=Machine(cpus=2, seconds=5.0, late=1.5, pressure=0.98, used=2.0, proxy=0.1))
    page = open_cell(run_of(starved, replace(refuted, retry=True)))

    assert page.get_by_role("button", name="1 once more, alone").get_attribute("aria-pressed") == "true"

    page.get_by_role("button", name="1: did not hold").click()
    page.get_by_text("Times, machine").click()

    assert "woke up to 1.50 s late" in page.inner_text("section")


def test_the_chance_of_a_false_alarm_is_told_in_odds(open_cell):
    fact = replace(fact_named("cluster_ip_reaches_a_backend_from_pods"), chances=(Chance(tries=6, probability=1e-6),))
    page = open_cell(run_of(fact))
    page.get_by_text("Times, machine").click()

    assert "in 1 of 1,000,000 runs" in page.inner_text("section")


def test_files_of_evidence_are_links_only_where_their_place_is_known(open_cell, open_page, tmp_path):
    run = run_of(fact := fact_named("cluster_ip_reaches_a_backend_from_pods"))
    page = open_cell(run, base="out/nft/")
    page.get_by_text("Evidence (1 file)").click()

    assert page.locator("section a[href^='out/']").get_attribute("href") == f"out/nft/evidence/{fact.id}.rules"

    page.evaluate("document.querySelector('section').remove()")
    show(page, fact.id)
    page.get_by_text("Evidence (1 file)").click()

    assert page.locator("section a[href*='evidence']").count() == 0
    assert "beside the run file" in page.inner_text("section")


def test_the_command_is_copied_as_it_is_shown(open_cell):
    page = open_cell(recorded_run())
    page.evaluate(CLIP)
    page.get_by_role("button", name="Copy").click()

    assert page.evaluate("window.copied") == page.locator(".details-again code").first.inner_text()
    assert page.get_by_role("status").first.inner_text() == "copied"


def hostile_run():
    fact = fact_named("cluster_ip_reaches_a_backend_from_pods")
    answer = Answer(pod=EVIL, node=EVIL, namespace=EVIL, port=80, protocol=Protocol.TCP, source=EVIL, source_port=1)
    target = Target(EVIL, 80)
    probe = Observation(vantage=EVIL, node=EVIL, target=target, outcome=Outcome.ANSWERED, seconds=1.0, answer=answer)
    last = fact.events[-1]
    fact = replace(
        fact,
        reason=EVIL,
        divergence=replace(fact.divergence, sentence=EVIL, node=EVIL, vantage=EVIL, object=EVIL),
        events=(*fact.events, Event(at=last.at + 5, step=last.step, probe=probe)),
        steps=tuple(replace(step, expected=EVIL) for step in fact.steps),
        evidence=replace(fact.evidence, excerpt=EVIL, missing=(EVIL,)),
    )
    return run_of(fact, requirement=EVIL, because=EVIL, otherwise=EVIL, spec=EVIL, since="")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_text_is_text_and_fits_any_screen(open_cell, width, scheme):
    page = open_cell(hostile_run(), width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")

    assert page.evaluate("window.evil") is None
    assert page.locator("main img, main script").count() == 0
    assert "\u202e" not in page.locator("main").text_content()
    assert r"<script>window.evil=1</script>\u202e" in page.locator("main").text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_a_behaviour_that_the_run_does_not_have_is_said_to_be_missing(open_cell):
    page = open_cell(recorded_run(), behaviour="no_such_thing")

    assert "did not select it" in page.inner_text("section")


def test_a_control_that_failed_is_told_as_one(open_cell):
    refuted = fact_named("cluster_ip_reaches_a_backend_from_pods")
    number = next(number for number, step in enumerate(refuted.steps) if step.end == "refuted")
    control = replace(refuted.steps[number], kind=StepKind.CONTROL, expected="the Service works inside", settling=())
    steps = (*refuted.steps[:number], control, replace(refuted.steps[number], inside=number))
    events = tuple(replace(event, step=number + 1) if event.step == number else event for event in refuted.events)
    fact = replace(refuted, finding=Finding.INCONCLUSIVE, divergence=None, steps=steps, events=events)
    text = open_cell(run_of(fact)).inner_text("section")

    assert "? could not tell" in text
    assert "control failed, so that nothing follows from it: the Service works inside" in text
    assert "Expected: every probe is answered" in text


def test_of_several_looks_the_last_one_is_shown(open_cell):
    fact = fact_named("cluster_ip_reaches_a_backend_from_pods")
    last = fact.events[-1]
    early = replace(last, at=last.at, until=None, count=1, probe=replace(last.probe, outcome=Outcome.REFUSED))
    page = open_cell(run_of(replace(fact, events=(*fact.events, early))))

    assert "refused" not in page.locator(".details-looks").first.inner_text()
    assert "dropped" in page.locator(".details-looks").first.inner_text()

    page.get_by_text("All looks of this check").first.click()

    assert "refused" in page.locator(".details-looks").nth(1).inner_text()


def test_an_address_that_services_share_is_named_after_the_one_whose_port_it_is(open_cell):
    fact = fact_named("external_ip_shared_by_two_services_survives_one")
    service = fact.divergence.sentence.partition("externalIP of ")[2].partition(")")[0]

    picture = open_cell(run_of(fact)).locator(".details-picture").inner_text()

    assert f"external IP of {service}" in picture
