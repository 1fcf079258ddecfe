"""The pytest plugin: the only package that knows pytest.

Every session of every project that has svcproof installed loads the modules named here, so they are quick to import and
do nothing of themselves. `stages` loads the others: one module per stage of a run.
"""

pytest_plugins = (
    "harness.plugin.processes",
    "harness.plugin.options",
    "harness.plugin.modules",
    "harness.plugin.collection",
    "harness.plugin.sharding",
    "harness.plugin.session_fixtures",
)
