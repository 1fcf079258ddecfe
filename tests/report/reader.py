"""A reader of run files, written against `svcproof schema run` alone: it knows nothing of svcproof's code.

It verifies the seals, puts the defaults in the place of what is left out, and counts what follows for behaviours.
"""

import json
from collections import Counter
from hashlib import sha256

SEAL = len(', "digest": "') + 64 + len('"}\n')


class Edited(Exception):
    """A line is not as the run wrote it."""


def read(schema, content):
    """Return the lines of a run file, with defaults, and True if the run completed."""
    kinds = {}
    for reference in schema["oneOf"]:
        definition = _definition(schema, reference)
        kinds[definition["properties"]["kind"]["const"]] = reference
    *whole, _torn = content.split(b"\n")
    lines, counts = [], Counter()
    for number, line in enumerate(_verified(whole), 1):
        kind = line["kind"]
        due = {1: "run", 2: "selection"}.get(number)
        if (due or kind) != kind or counts["finished"] or (kind in ("run", "selection") and not due):
            raise Edited(number)
        if kind == "finished" and line["lines"] != counts:
            raise Edited(number)
        counts[kind] += 1
        lines.append(_with_defaults(schema, kinds[kind], line))
    return lines, bool(counts["finished"] and lines[-1]["why"] == "completed")


def _verified(lines):
    digest = sha256()
    for number, line in enumerate(lines, 1):
        line += b"\n"
        digest.update(line[:-SEAL] + b"}\n")
        if line[-SEAL:] != f', "digest": "{digest.hexdigest()}"}}\n'.encode():
            raise Edited(number)
        yield json.loads(line)


def _definition(schema, value):
    return schema["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value


def _with_defaults(schema, kind, value):
    """The value with the defaults of the schema, in whatever is within it."""
    for option in kind.get("anyOf", ()):
        if value is not None and option.get("type") != "null":
            return _with_defaults(schema, option, value)
    kind = _definition(schema, kind)
    if isinstance(value, dict) and "properties" in kind:
        keys = kind["properties"]
        defaults = {key: inner["default"] for key, inner in keys.items() if "default" in inner}
        return {key: _with_defaults(schema, keys[key], inner) for key, inner in (defaults | value).items()}
    if isinstance(value, list) and isinstance(kind.get("items"), dict):
        return [_with_defaults(schema, kind["items"], inner) for inner in value]
    return value


def counts(lines):
    """Count the behaviours of a run by what follows from their facts."""
    header, selection = lines[:2]
    findings = {}
    for line in lines:
        if line["kind"] == "fact":
            findings.setdefault(line["id"], []).append(line["finding"])
    return Counter(
        _ruling(behaviour, findings.get(behaviour["id"], []), header["proxy"]) for behaviour in selection["behaviours"]
    )


def _ruling(behaviour, findings, proxy):
    undecided = {"broke": "error", "inconclusive": "blocked", "untestable": "untestable", "not reached": "not run"}
    excuse = _excuse(behaviour, proxy)
    if len(set(findings)) != 1:
        return "flaky" if findings else "not run"
    (finding,) = set(findings)
    if finding in undecided:
        return "untestable" if excuse and finding == "inconclusive" else undecided[finding]
    if behaviour["level"] == "MAY":
        return "recorded"
    if finding == "confirmed":
        return "pass"
    return excuse or ("fail" if behaviour["level"] == "MUST" else "weak")


def _excuse(behaviour, proxy):
    if behaviour["id"] in {deviation["behaviour"] for deviation in proxy["deviations"]}:
        return "deviates"
    by_name = {"service-proxy-name", "affinity-timeout", "client-address", "external-ips-off"}
    claimed = set(behaviour["features"]) - by_name if proxy["features"] is None else set(proxy["features"])
    return "unsupported" if set(behaviour["features"]) - claimed else ""
