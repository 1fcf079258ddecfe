import subprocess
import sys

import svcproof
from svcproof import authoring

HEAVY = ("pytest", "pydantic", "lightkube", "aiohttp", "dns", "testinfra", "tenacity", "rich", "click")


def loaded_by(statement: str) -> list[str]:
    script = f"import sys; {statement}; print(*sys.modules)"
    return subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()


def test_the_names_of_authors_load_nothing_heavy():
    assert not set(HEAVY) & set(loaded_by("from svcproof import behaviour"))


def test_the_package_itself_loads_nothing_of_its_own():
    assert [name for name in loaded_by("import svcproof") if name.startswith("svcproof")] == ["svcproof"]


def test_a_module_of_it_loads_nothing_for_authors():
    assert "svcproof.authoring" not in loaded_by("from svcproof import interrupts")


def test_what_authors_get_is_listed_and_there():
    assert all(hasattr(svcproof, name) for name in authoring.__all__)
    assert len(set(authoring.__all__)) == len(authoring.__all__)


def test_other_names_are_no_attributes():
    assert not hasattr(svcproof, "model_of_nothing")
