"""The files of findings: a scenario that `svcproof replay` runs, with the table of what was seen beside it."""

from pathlib import Path
from typing import Any

import yaml

from svcproof.explore.search import Finding

MANY = 1 << 16


def write(directory: Path, finding: Finding, context: str) -> Path:
    """Write a finding, in the place of what was written of it before; return the file of its scenario."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"found-{finding.number}.yaml"
    path.write_text(as_yaml(finding, context))
    path.with_suffix(".txt").write_text(in_words(finding) + "\n")
    return path


def as_yaml(finding: Finding, context: str) -> str:
    """The file for `svcproof replay`."""
    rules = sorted({signature.rule.replace("_", " ") for signature in finding.outcome.signatures})
    why = f"{context}\nIt breaks: {'; '.join(rules)}."
    scenario = {"title": finding.scenario["title"], "why": why}
    scenario |= {key: finding.scenario[key] for key in ("objects", "steps") if finding.scenario[key]}
    return dumped(scenario)


def in_words(finding: Finding) -> str:
    """The manifests, the steps, and what was expected and seen, with the rule."""
    objects = "---\n".join(dumped(manifest) for manifest in finding.scenario["objects"])
    steps = [f"{number}. {dumped(step).strip()}" for number, step in enumerate(finding.scenario["steps"], 1)]
    size = f"made smaller in {finding.tries} tries" if finding.final else "not made smaller yet"
    return "\n".join(
        [
            f"finding {finding.number}: {finding.scenario['title']} ({size})",
            "",
            objects,
            *(["steps:", *steps, ""] if steps else []),
            f"after {finding.outcome.change}:",
            finding.outcome.table,
        ]
    )


def dumped(value: Any) -> str:
    """A value as YAML, its keys in their order."""
    text: str = yaml.safe_dump(value, sort_keys=False, default_flow_style=False, width=MANY, allow_unicode=True)
    return text
