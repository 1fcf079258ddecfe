"""Resource quantities in their canonical form.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import re
from decimal import Decimal
from typing import Any

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
PATTERN = re.compile(r"^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))$")


def canonical_quantity(value: Any) -> Any:
    """Return `value` with the largest suffix that leaves an integer; anything malformed as it is."""
    match = PATTERN.match(str(value))
    if match is None:
        return value
    return (_binary if match[2] else _decimal)(amount_of(str(value)))


def is_quantity(value: Any) -> bool:
    """Return True for what can be read as a quantity."""
    return PATTERN.match(str(value)) is not None


def amount_of(quantity: str) -> Decimal:
    """Return the number that a quantity stands for; raises ValueError for what is none."""
    match = PATTERN.match(quantity)
    if match is None:
        raise ValueError(f"not a quantity: {quantity}")
    number, binary, suffix, exponent = match.groups()
    if binary:
        return Decimal(number) * Decimal(1024 ** BINARY.index(binary))
    return Decimal(number).scaleb(int(exponent) if exponent else DECIMAL[suffix or ""])


def _binary(amount: Decimal) -> str:
    if amount != amount.to_integral_value():
        return _decimal(amount)
    whole, power = int(amount), 0
    while whole and whole % 1024 == 0 and power < len(BINARY) - 1:
        whole, power = whole // 1024, power + 1
    return f"{whole}{BINARY[power]}"


def _decimal(amount: Decimal) -> str:
    if not amount:
        return "0"
    for suffix, power in sorted(DECIMAL.items(), key=lambda item: -item[1]):
        scaled = amount.scaleb(-power)
        if scaled == scaled.to_integral_value():
            return f"{int(scaled)}{suffix}"
    return str(amount)
