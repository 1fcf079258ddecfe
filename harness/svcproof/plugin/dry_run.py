"""A session that collects and selects as a run does, and makes nothing."""

import pytest

from svcproof import providers
from svcproof.model.behaviour import Behaviour
from svcproof.model.plan import Plan, plan
from svcproof.plugin.collection import collected
from svcproof.plugin.options import Wanted, wanted


class DryRun:
    """A pytest plugin that keeps what a session selects."""

    behaviours: tuple[Behaviour, ...] = ()
    wanted: Wanted
    ignore_release = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the behaviours with the options that are theirs."""
        if selection := collected(session):
            self.behaviours, self.wanted = selection.behaviours, wanted(session.config)
            self.ignore_release = session.config.option.svcproof_ignore_release

    def plan(self) -> Plan:
        """Say what a run would do with them; raises SvcproofError where the cluster cannot be used."""
        cluster = self.wanted.cluster
        lacking = providers.find(cluster.provider).capabilities(cluster)
        return plan(self.behaviours, lacking, ignore_release=self.ignore_release)
