"""The type of a JSON object, which every part of svcproof passes on."""

from typing import Any

Object = dict[str, Any]
"""A Kubernetes object as JSON has it."""
