"""A runner of composite actions, as far as ours needs one: it does with the steps what GitHub's does.

The environment of a step is the runner's own and what the step declares; expressions are put in where GitHub takes
them; scripts go to bash as they go there; a step that failed skips those after it, but for those that say always().
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(inputs|steps)\.([\w.-]+?)\s*\}\}")
BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
COMMAND = re.compile(r"::(?P<name>[\w-]+)(?: (?P<properties>.*?))?::(?P<message>.*)")
ANNOTATIONS = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Ended:
    """An action that has ended: its outputs, the exit status of each step that ran, its log and its summary."""

    outputs: dict[str, str]
    codes: list[int]
    log: str
    summary: str

    @property
    def code(self) -> int:
        """The exit status of the first step that failed; 0 if none did."""
        return next(filter(None, self.codes), 0)

    @property
    def annotations(self) -> list[tuple[str, str, str]]:
        """Kind, title and message of each annotation that the runner would show."""
        return [
            (name, _unescaped(properties.removeprefix("title=")), _unescaped(message))
            for name, properties, message in commands(self.log)
            if name in ANNOTATIONS
        ]


@dataclass(slots=True)
class Runner:
    """A machine of GitHub's: the folder of the action, a workspace, and variables of its own."""

    action: Path
    workspace: Path
    temporary: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, **inputs: str) -> Ended:
        """Run the action with these inputs, in whose names `_` stands for `-`."""
        declared = yaml.safe_load((self.action / "action.yml").read_text())
        values = {name: about.get("default", "") for name, about in declared["inputs"].items()}
        values |= {name.replace("_", "-"): value for name, value in inputs.items()}
        outputs: dict[str, dict[str, str]] = {}
        codes: list[int] = []
        log = summary = ""
        for number, step in enumerate(declared["runs"]["steps"]):
            if any(codes) and step.get("if") != "always()":
                continue
            folder = self.temporary / str(number)
            folder.mkdir()
            done = self._step(step, folder, values, outputs)
            codes.append(done.returncode)
            log += done.stdout
            outputs[step.get("id", str(number))] = dict(assigned((folder / "output").read_text()))
            summary += (folder / "summary").read_text()
        told = {name: evaluated(about["value"], values, outputs) for name, about in declared["outputs"].items()}
        return Ended(told, codes, log, summary)

    def _step(
        self, step: Mapping[str, Any], folder: Path, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]
    ) -> "subprocess.CompletedProcess[str]":
        (folder / "script.sh").write_text(step["run"])
        for name in ("output", "summary"):
            (folder / name).touch()
        own = {name: evaluated(text, inputs, outputs) for name, text in step.get("env", {}).items()}
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.temporary),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "RUNNER_TEMP": str(self.temporary),
        }
        return subprocess.run(
            [*BASH, str(folder / "script.sh")],
            cwd=self.workspace,
            env={**variables, **self.environment, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def evaluated(text: str, inputs: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]) -> str:
    """A text with the values of its expressions, which are put in once."""

    def value(expression: "re.Match[str]") -> str:
        if expression[1] == "inputs":
            return inputs[expression[2]]
        step, _, name = expression[2].split(".")
        return outputs.get(step, {}).get(name, "")

    return EXPRESSION.sub(value, text)


def assigned(text: str) -> Iterator[tuple[str, str]]:
    """The names and values of a file of outputs."""
    lines = iter(text.splitlines())
    for line in lines:
        name, several, end = line.partition("<<")
        if several:
            yield name, "\n".join(iter(lambda end=end: next(lines), end))
        else:
            yield tuple(line.split("=", 1))


def commands(log: str) -> Iterator[tuple[str, str, str]]:
    """Name, properties and message of each command that the runner would obey."""
    stopped = ""
    for line in log.splitlines():
        found = COMMAND.fullmatch(line.lstrip())
        if not found or (stopped and found["name"] != stopped):
            continue
        if stopped:
            stopped = ""
        elif found["name"] == "stop-commands":
            stopped = found["message"]
        else:
            yield found["name"], found["properties"] or "", found["message"]


def _unescaped(text: str) -> str:
    for escape, sign in {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        text = text.replace(escape, sign)
    return text
