"""The pytest plugin: the only package that knows pytest.

`svcproof.entry` loads it where it is needed. The modules named here are quick to import and do nothing of themselves;
`collection.load_stages` loads the others, one module per stage of a run.
"""

pytest_plugins = (
    "svcproof",
    "svcproof.plugin.processes",
    "svcproof.plugin.options",
    "svcproof.plugin.collection",
    "svcproof.plugin.sharding",
)
