"""A claim, and what a project says about itself, read from files."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from svcproof.declare.document import Document, read
from svcproof.declare.validate import validate
from svcproof.errors import UsageError
from svcproof.model.claim import About, Claim, Project, SaidOfProject
from svcproof.printable import quoted


def claim(path: Path) -> tuple[Document, Claim]:
    """Return a claim and its file, by which mistakes in it are placed; raises UsageError where it is none."""
    document = read(path)
    return document, validate(document, Claim)


def project(said: SaidOfProject, options: Mapping[str, str], run: Mapping[str, str]) -> Project:
    """Return the project that claims: as the options say, else as its file says, else as the run tells.

    Raises UsageError with everything that is wrong, or that nobody says.
    """
    layers = ({name: value for name, value in layer.items() if value} for layer in (run, dict(said), options))
    values = {name: value for layer in layers for name, value in layer.items()}
    try:
        return Project.model_validate(values)
    except ValidationError as error:
        raise UsageError([_problem(wrong) for wrong in error.errors()]) from error


def _problem(wrong: ErrorDetails) -> str:
    name = wrong["loc"][0]
    if wrong["type"] == "missing":
        return f"nobody says the {name}: say it with --{name}, or as project.{name} in the file of --about"
    return f"--{name}, or project.{name}: {quoted(wrong['input'])} {wrong['msg'].removeprefix('Value error, ')}"


def about(path: Path) -> About:
    """Return what a project says about itself; raises UsageError with every mistake in the file."""
    return validate(read(path), About)
