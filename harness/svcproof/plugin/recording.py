"""From the phases of one check to its fact, in the process that runs it."""

import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from svcproof.diagnosis import divergence
from svcproof.errors import SvcproofError, leaves
from svcproof.model.baseline import Comparison, Standing, comparisons
from svcproof.model.behaviour import Behaviour, Part
from svcproof.model.divergence import Divergence
from svcproof.model.fact import Fact, Finding
from svcproof.model.step import Step, StepEnd, StepKind
from svcproof.model.verdict import Verdict, judge
from svcproof.plugin.address_owners import owners, with_owners
from svcproof.plugin.asserts import COMPARISON, Asserts
from svcproof.plugin.circumstances import circumstances
from svcproof.plugin.cluster import releases, versions
from svcproof.plugin.collection import BEHAVIOUR, REPEAT
from svcproof.plugin.evidence.attaching import with_evidence
from svcproof.plugin.finding import CheckEnd, check_end
from svcproof.plugin.gate import UNWELL, cluster_trouble, proxy_trouble
from svcproof.plugin.leftovers import is_forgiven, keep
from svcproof.plugin.notebook import Notebook, Page
from svcproof.plugin.options import wanted
from svcproof.plugin.retries import first_try, noted
from svcproof.plugin.sampling import MACHINE
from svcproof.plugin.status import mark, postpone
from svcproof.report.lines import packed
from svcproof.wait import ClaimCount, claims
from svcproof.wait.journal import Refuted, written_to

NOTEBOOK = pytest.StashKey[Notebook]()
PAGE = pytest.StashKey[Page]()
"""The page of the phase that the check is in, or was in last."""
FACT = pytest.StashKey[Fact]()
COUNT = pytest.StashKey[ClaimCount]()
BEGAN = pytest.StashKey[float]()
"""The moment of the monotonic clock at which the call began."""
CALLING = pytest.StashKey[bool]()
"""True while the check itself runs."""
SUBTESTS = pytest.StashKey[list[BaseException | None]]()
"""The ends of the check's subtests."""
REPORT_KEY = "svcproof_fact"
BESIDE_KEY = "svcproof_beside"
"""The facts of bystanders that broke meanwhile, as a list of texts."""
VERSIONS_KEY = "svcproof_versions"
VERSIONS = pytest.StashKey[dict[str, str]]()
WANTS_EVIDENCE = frozenset({Finding.REFUTED, Finding.INCONCLUSIVE, Finding.BROKE})


def notebook(config: pytest.Config) -> Notebook:
    """The notebook of this process."""
    return config.stash.setdefault(NOTEBOOK, Notebook())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep what is probed after the check out of it."""
    try:
        return (yield)
    finally:
        notebook(item.config).turn()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Begin a page, before the gate: a check that does not come to its call has seen nothing else."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    item.stash[PAGE] = notebook(item.config).turn()
    if first_try(item):  # What there is of it is no part of this one.
        del item.stash[FACT]
        item.stash[COUNT] = ClaimCount()
    with written_to(notebook(item.config)):
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Begin a page: what fixtures read and waited for is not what the check saw."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    item.stash[PAGE] = notebook(item.config).turn()
    item.stash[BEGAN] = time.monotonic()
    subtests: list[BaseException | None] = []
    item.stash[SUBTESTS] = subtests
    item.stash[CALLING] = True
    with claims() as count, written_to(notebook(item.config)):
        try:
            yield
        finally:
            item.stash[CALLING] = False
            item.stash[COUNT] = count


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Begin a page: what clearing up reads is not what the check saw."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    item.stash[PAGE] = notebook(item.config).turn()
    yield


def pytest_collection_finish(session: pytest.Session) -> None:
    """Count asserts where there are checks; elsewhere pytest would spell out each one that holds, for nobody."""
    if any(BEHAVIOUR in item.stash for item in session.items):
        session.config.pluginmanager.register(Asserts(notebook(session.config)), "svcproof-asserts")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Conclude from the phase that decides, attach the fact, and give pytest the status that follows from it."""
    report = yield
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None:
        return report
    error = call.excinfo.value if call.excinfo else None
    verdict = None
    if item.stash.get(CALLING, False):  # A subtest has ended.
        item.stash[SUBTESTS].append(error)
    elif call.when == "setup" and error is not None:
        item.stash[FACT] = _fact(item, behaviour, _setup_ended(item, behaviour, error), call.duration)
    elif call.when == "call":
        error = error or _worst(item.stash[SUBTESTS])
        item.stash[FACT] = _fact(item, behaviour, _call_ended(item, behaviour, error), call.duration)
        known = versions(item.config)
        item.stash[VERSIONS] = known  # After the last check's teardown there is no cluster to ask.
        tries = (*first_try(item), item.stash[FACT])
        verdict = judge(behaviour, tries, wanted(item.config).proxy.claims, releases(item.config))
    elif call.when == "teardown" and error is not None and is_forgiven(error):
        keep(item.config, error)
        report.outcome, report.longrepr = "passed", None
    elif call.when == "teardown" and FACT in item.stash and error and item.stash[FACT].finding is Finding.CONFIRMED:
        item.stash[FACT] = _not_cleaned_up(item, error)
    mark(report, verdict, _listed(item.config, verdict))
    decides = call.when == "call" or (call.when == "setup" and error is not None)
    if decides and not item.stash.get(CALLING, False) and noted(item, item.stash[FACT]):
        postpone(report)
    if FACT in item.stash and call.when == "teardown":
        setattr(report, REPORT_KEY, packed(item.stash[FACT]))
        setattr(report, VERSIONS_KEY, item.stash.get(VERSIONS, {}))
    return report


def _listed(config: pytest.Config, verdict: Verdict | None) -> Comparison | None:
    """The verdict beside the baseline of the run; None where that has no entry for it, or one repeat cannot tell."""
    asked = wanted(config)
    if verdict is None or asked.baseline is None:
        return None
    compared = comparisons(asked.baseline, (verdict,), asked.day)
    listed = next((each for each in compared if each.entry and each.verdict), None)
    return None if listed and listed.standing is Standing.STALE and asked.repeat > 1 else listed


def _worst(subtests: list[BaseException | None]) -> BaseException | None:
    """The error of a check whose subtests ended so: the first that is more than a skip, which pytest itself forgets."""
    errors = [error for error in subtests if error is not None]
    return next((error for error in errors if not isinstance(error, pytest.skip.Exception)), next(iter(errors), None))


def _setup_ended(item: pytest.Item, behaviour: Behaviour, error: BaseException) -> CheckEnd:
    if isinstance(error, pytest.skip.Exception):
        return CheckEnd(Finding.UNTESTABLE, str(error))
    reason = str(error) if isinstance(error, SvcproofError) else f"setting up: {type(error).__name__}: {error}"
    return _unless_unwell(item.config, behaviour, CheckEnd(Finding.BROKE, reason))


def _call_ended(item: pytest.Item, behaviour: Behaviour, error: BaseException | None) -> CheckEnd:
    page = item.stash[PAGE]
    if isinstance(error, pytest.skip.Exception):
        return CheckEnd(Finding.UNTESTABLE, str(error))
    end = check_end(
        error,
        suites=_top_package(item),
        probed=page.probes + (page.readings if behaviour.by is not Part.PROXY else 0) > 0,
        claimed=item.stash[COUNT].claims > 0,
        compared=item.config.stash.get(COMPARISON, None),
    )
    if end.finding is Finding.REFUTED and not isinstance(error, Refuted):
        notebook(item.config).end(notebook(item.config).begin(StepKind.ASSERT, _claim(end.reason)), StepEnd.REFUTED)
    end = replace(end, reason=with_owners(end.reason, owners(item.config)))
    return _unless_unwell(item.config, behaviour, end, item.stash[BEGAN])


def _claim(reason: str) -> str:
    return reason.partition("\n")[0].removeprefix("expected: ")


def _unless_unwell(config: pytest.Config, behaviour: Behaviour, end: CheckEnd, began: float | None = None) -> CheckEnd:
    """The end of the check; an error instead if the cluster or the proxy was not well, so that it says nothing."""
    if end.finding is not Finding.CONFIRMED and (why := cluster_trouble(config)):
        config.stash[UNWELL] = why
        return CheckEnd(Finding.BROKE, f"the cluster is not well: {why}\nwhat the check found: {end.reason}")
    concerned = behaviour.by is Part.PROXY or end.finding is not Finding.CONFIRMED
    # What was refuted while the proxy could not run says nothing; what was confirmed all the same holds.
    since = None if end.finding is Finding.CONFIRMED else began
    if concerned and end.finding is not Finding.BROKE and (why := proxy_trouble(config, since)):
        return CheckEnd(Finding.BROKE, why)
    return end


def _top_package(item: pytest.Item) -> Path:
    folder = item.path.parent
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
    return folder


def _fact(item: pytest.Item, behaviour: Behaviour, end: CheckEnd, seconds: float) -> Fact:
    """The fact of a check, from the phase that decides."""
    page = item.stash[PAGE]
    page.close(StepEnd.BROKE if end.finding is Finding.BROKE else StepEnd.HELD)
    fact = Fact(
        id=behaviour.id,
        finding=end.finding,
        reason=end.reason,
        record=page.way,
        seconds=round(seconds, 4),
        attempt=_attempt(item),
        at=page.at,
        steps=tuple(page.steps),
        events=tuple(page.events),
        circumstances=circumstances(item.config, page) if end.finding in WANTS_EVIDENCE else (),
        chances=tuple(item.stash.get(COUNT, ClaimCount()).chances),
        machine=item.stash.get(MACHINE, None),
        retry=bool(first_try(item)),
    )
    fact = with_evidence(item.config, fact) if end.finding in WANTS_EVIDENCE else fact
    return _diagnosed(fact) if end.finding is Finding.REFUTED else fact


def _diagnosed(fact: Fact) -> Fact:
    """The fact with its divergence; a mistake in the diagnosis must not cost the finding."""
    try:
        return replace(fact, divergence=divergence(fact))
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        return replace(fact, divergence=Divergence(sentence=f"nothing: a mistake of svcproof in its diagnosis: {why}"))


def _not_cleaned_up(item: pytest.Item, error: BaseException) -> Fact:
    """The fact of a check that held and could not be cleaned up after: what that saw follows what the check saw."""
    fact, page = item.stash[FACT], item.stash[PAGE]
    late = round(page.began - item.stash[BEGAN], 4)
    seconds = round(time.monotonic() - item.stash[BEGAN], 4)
    cleaning = Step(kind=StepKind.CLEAN_UP, expected="", began=late, ended=seconds, end=StepEnd.BROKE)
    broken = replace(
        fact,
        finding=Finding.BROKE,
        reason="cleaning up: " + "\n".join(map(str, leaves(error))),
        steps=(*fact.steps, cleaning),
        events=(*fact.events, *(event.later(late, step=len(fact.steps)) for event in page.events)),
    )
    return with_evidence(item.config, broken)


def _attempt(item: pytest.Item) -> int:
    callspec = getattr(item, "callspec", None)
    return int(callspec.params[REPEAT]) if callspec and REPEAT in callspec.params else 1
