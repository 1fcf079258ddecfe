"""The specification of a Service proxy as pure functions: from a world, a vantage and a target to what may be seen.

`docs/promise.md` is made from its rules.
"""

from svcproof.promise.expect import expect

__all__ = ["expect"]
