"""The ways in to an agent; none of them is the data path under test."""

SECRET = "X-Svcproof-Secret"
"""The header with which callers prove themselves to an agent."""
LONGEST = 64 << 20
"""No answer of an agent is longer, in bytes."""
