"""The pytest plugin: the only package that knows pytest. One module per stage of a run."""

pytest_plugins = (
    "harness.plugin.processes",
    "harness.plugin.options",
    "harness.plugin.collection",
    "harness.plugin.sharding",
    "harness.plugin.ending",
    "harness.plugin.turns",
    "harness.plugin.gate",
    "harness.plugin.recording",
    "harness.plugin.controller",
    "harness.plugin.fixtures.cluster",
    "harness.plugin.fixtures.sample",
    "harness.plugin.fixtures.quiet",
    "harness.plugin.fixtures.addresses",
    "harness.plugin.fixtures.bench",
)
