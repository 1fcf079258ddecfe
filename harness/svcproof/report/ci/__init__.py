"""A finished run in the words of continuous integration: TAP, badges, and GitHub's commands to the runner."""
