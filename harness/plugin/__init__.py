"""The pytest plugin: the only package that knows pytest.

`svcproof_pytest` loads it where it is needed. The modules named here are quick to import and do nothing of themselves;
`stages` loads the others, one module per stage of a run.
"""

pytest_plugins = (
    "svcproof_pytest",
    "harness.plugin.processes",
    "harness.plugin.options",
    "harness.plugin.collection",
    "harness.plugin.sharding",
)
