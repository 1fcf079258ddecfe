"""The controlling process of a run: it alone writes the run file, and it decides the exit code."""

import re
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from svcproof import interrupts
from svcproof.errors import SvcproofError
from svcproof.exit_code import ExitCode
from svcproof.model.cluster import Progress
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import COMPLETED, INTERRUPTED
from svcproof.plugin.cluster import remove_leftovers_of_killed_workers, share
from svcproof.plugin.collection import Collected, collected, leave_collected
from svcproof.plugin.ending import ALONE, EARLY, EarlyEnd, ending, internal_error
from svcproof.plugin.evidence.results import leave_results
from svcproof.plugin.fail_fast import FailFast
from svcproof.plugin.leftovers import clearing_up, left
from svcproof.plugin.options import wanted
from svcproof.plugin.processes import FIRST_WORKER, end_workers, is_worker, name, refusal, workers
from svcproof.plugin.recording import BESIDE_KEY, REPORT_KEY, VERSIONS_KEY
from svcproof.plugin.status import RERUN, STATUS, is_of_behaviour, mark, worse
from svcproof.plugin.suite_digest import suite_digest
from svcproof.report import Recording, begin
from svcproof.report.lines import unpacked

RECORDING = pytest.StashKey[Recording]()
FOUND = pytest.StashKey[Collected]()
"""In the controlling process: what is recorded."""
INTERRUPT = pytest.StashKey[bool]()
UNTIL = pytest.StashKey[ExitStack]()
"""Holds, in the controlling process, the cluster that workers share."""


def announce(config: pytest.Config) -> Progress:
    """Announce on the terminal of the controlling process that a long step begins."""
    recording = config.stash.get(RECORDING, None)
    return recording.step if recording is not None else lambda _: None


def pytest_configure(config: pytest.Config) -> None:
    """Follow the checks of all processes in the controlling one."""
    if not is_worker(config):
        config.pluginmanager.register(Watcher(config), "svcproof-watcher")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the recording, or tell the controlling process what this worker collected, before xdist says it is done."""
    option, selection = session.config.option, collected(session)
    if selection is None or option.collectonly:
        return
    if is_worker(session.config):
        session.config.stash[ALONE] = not selection.mixed
        if name(session.config) == FIRST_WORKER:
            leave_collected(session.config, replace(selection, suite=suite_digest(session.config)))
    elif not session.testsfailed or option.continue_on_collection_errors:
        _begin(session.config, replace(selection, suite=suite_digest(session.config)))


def begin_with_workers(config: pytest.Config, selection: Collected) -> None:
    """Begin the recording of what a worker has collected, and have the cluster up before any makes a check."""
    _begin(config, selection)
    config.stash[UNTIL] = ExitStack()
    share(config, selection.behaviours, announce(config), config.stash[UNTIL])


def _begin(config: pytest.Config, selection: Collected) -> None:
    asked = wanted(config)
    header = replace(
        begin(asked.cluster, asked.proxy),
        cluster_given=asked.given.chosen_cluster,
        proxy_given=asked.given.chosen_proxy(asked.cluster.provider),
        faults=asked.given.faults,
        profile=asked.profile,
        criteria=selection.criteria,
        expression=asked.expression or config.option.keyword,
        repeat=asked.repeat,
        workers=workers(config),
        seed=asked.seed,
        shard=str(asked.shard or ""),
        options=replace(asked.given, cluster="", proxy="", faults=()).words,
        argv=tuple(map(str, config.invocation_params.args)),
        suite=selection.suite,
        suites=tuple(config.option.svcproof_suite),
        patience=tuple(config.option.svcproof_patience),
        ignore_release=config.option.svcproof_ignore_release,
        directory=str(config.invocation_params.dir),
        again_from=asked.rerun.header.id if asked.rerun else "",
        baseline=asked.baseline,
    )
    try:
        recording = Recording(Path(asked.results) if asked.results else None, header, asked.write_baseline)
        recording.behaviours(selection.behaviours)
    except SvcproofError as error:
        raise refusal([str(error)]) from None
    config.stash[RECORDING] = recording
    leave_results(config, recording.directory)
    config.stash[FOUND] = selection
    config.stash[ALONE] = not selection.mixed
    if asked.rerun:
        recording.step(asked.rerun.described({behaviour.id for behaviour in selection.behaviours}))
    if asked.seed is not None:
        option = "--svcproof-seed" if any(behaviour.node for behaviour in selection.behaviours) else "--seed"
        recording.step(f"in random order; for the same order again: {option} {asked.seed}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Tear down what workers shared, once they are gone, say what is left, and close the recording."""
    interrupts.hold_off()
    try:
        with clearing_up(session.config):
            try:
                yield
            finally:
                session.config.stash.get(UNTIL, ExitStack()).close()
                remove_leftovers_of_killed_workers(session.config)
        for line in left(session.config):
            announce(session.config)(f"left behind: {line}")
    finally:
        if RECORDING in session.config.stash:
            session.config.stash[RECORDING].close()


class Watcher:
    """Follows the checks as their reports arrive, in the controlling process."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._versions: dict[str, str] = {}
        self._failed = 0
        self._fail_fast = FailFast(config)

    @property
    def _recording(self) -> Recording | None:
        return self._config.stash.get(RECORDING, None)

    def _behaviour(self, nodeid: str) -> str:
        """The id of the behaviour that this test is; empty where it is none."""
        return self._config.stash[FOUND].checks.get(nodeid, "") if FOUND in self._config.stash else ""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note that a check begins."""
        if self._recording is not None and (behaviour := self._behaviour(nodeid)):
            with ending(self._config):
                self._recording.started(behaviour)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the fact that the last report of a check carries, each time that the check is made."""
        self._failed += is_of_behaviour(report) and report.failed
        text = getattr(report, REPORT_KEY, None)
        if self._recording is None or text is None:
            return
        versions = getattr(report, VERSIONS_KEY, {})
        with ending(self._config):
            if versions and not self._versions:
                self._recording.versions(versions)
                self._versions = versions
            facts = [unpacked(each) for each in (text, *getattr(report, BESIDE_KEY, ()))]
            verdicts = [self._recording.fact(fact) for fact in facts]
        for verdict in filter(None, verdicts):
            self._fail_fast.count(verdict)

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """A worker that died took its check with it: nothing was observed. One that was ended has not died."""
        behaviour = self._behaviour(crashitem)
        if not behaviour:
            return
        mark(report, None)
        if self._recording is not None and EARLY not in self._config.stash:
            reason = "the worker process crashed"
            self._recording.fact(Fact(id=behaviour, finding=Finding.BROKE, reason=reason, attempt=_repeat(crashitem)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the user ended the run."""
        self._config.stash[INTERRUPT] = True
        end_workers(self._config)
        is_alone = self._config.stash.get(ALONE, False)
        if is_alone and (reporter := self._config.pluginmanager.getplugin("terminalreporter")):
            self._config.pluginmanager.unregister(reporter)  # The results say it; pytest would name a line of ours.

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note for the results why the run did not complete."""
        self._config.stash.setdefault(EARLY, EarlyEnd(internal_error(excinfo.value), ExitCode.UNDECIDED))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the results, before anything is torn down, and set the exit code."""
        if self._recording is None:
            return
        early = self._config.stash.get(EARLY, None)
        why = early.why if early else INTERRUPTED if INTERRUPT in self._config.stash else COMPLETED
        try:
            code = self._recording.finish(why, early.evidence if early else None)
        except SvcproofError as error:
            self._recording.step(f"Error: {error}")
            code = error.exit_code
        ours = early.code if early and early.code == ExitCode.USAGE else code
        session.exitstatus = worse(exitstatus, ours, others_failed=session.testsfailed > self._failed)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Leave the terminal to the recording's own progress; pytest's closing line counts the findings.

        Not so where there are other tests, or another plugin has a status of its own for the report.
        """
        if self._recording is None or self._config.stash[FOUND].mixed:
            return None
        if not is_of_behaviour(report) or (report.outcome == RERUN and not hasattr(report, STATUS)):
            return None
        text = getattr(report, REPORT_KEY, None)
        return (str(unpacked(text).finding) if text else "", "", "")


def _repeat(nodeid: str) -> int:
    """The number of a repeat, by which pytest tells repeats apart; 1 where there are none."""
    number = re.search(r"\b(\d+)\]$", nodeid)
    return int(number[1]) if number else 1
