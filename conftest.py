"""For pytest in a checkout: the plugin comes by its entry point; the project's own tests drive pytest in pytest."""

pytest_plugins = ("pytester",)
