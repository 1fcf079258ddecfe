import sys

import pytest

from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.errors import UsageError
from svcproof.model.behaviour import Level

HEAD = "from svcproof.model.behaviour import Level, Part, behaviour\nfrom ..words import SPEC\n"
CHECK = '''
@behaviour(spec=SPEC, level=Level.MUST, by=Part.PROXY, fails_under={{"proxy/no-reject"}})
def test_{name}(echo):
    """A client sees {name}."""
    assert False, "never called"
'''


@pytest.fixture
def suites(tmp_path):
    """A function that writes `area/file` with checks of these names, and returns the folder of suites."""
    folder = tmp_path / "suites"

    def write(file, *names, source=""):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in (folder, path.parent):
            (package / "__init__.py").touch()
        (folder / "words.py").write_text('SPEC = "https://example.org/#clause"\n')
        path.write_text(source or HEAD + "".join(CHECK.format(name=name) for name in names))
        return folder

    return write


def test_behaviours_are_read_with_area_requirement_and_faults(suites):
    suites("node_port/test_reach.py", "second", "first")
    folder = suites("dns/test_names.py", "third")

    found = catalogue(folder)

    assert [(one.area, one.id) for one in found] == [("dns", "third"), ("node_port", "first"), ("node_port", "second")]
    assert (found[0].requirement, found[0].spec) == ("A client sees third.", "https://example.org/#clause")
    assert found[0].faults == ("proxy/no-reject",)


def test_what_the_behaviours_of_a_file_share_holds_where_a_check_says_nothing_else(suites):
    source = """
from svcproof import MAY, MUST, PROXY, Capability, Feature, behaviours

behaviour = behaviours(by=PROXY, level=MUST, spec="https://example.org/", requires={Capability.TWO_NODES})

@behaviour(fails_under={"proxy/a"})
def test_usual(echo):
    'A client sees the usual.'

@behaviour(level=MAY, requires={Feature.NODE_PORT}, area="node_port")
def test_different(echo):
    'A client sees another thing.'
"""

    usual, different = catalogue(suites("cluster_ip/test_reach.py", source=source))

    assert (usual.area, usual.level, usual.faults) == ("cluster_ip", Level.MUST, ("proxy/a",))
    assert (usual.spec, usual.capabilities, usual.features) == ("https://example.org/", {"two-nodes"}, frozenset())
    assert (different.area, different.level, different.faults) == ("node_port", Level.MAY, ())
    assert (different.capabilities, different.features) == ({"two-nodes"}, {"node-port"})


def test_reading_leaves_every_module_as_it_was(suites, monkeypatch):
    monkeypatch.setitem(sys.modules, "suites", object())
    before = dict(sys.modules)

    catalogue(suites("dns/test_names.py", "third"))

    assert {name for name in sys.modules if sys.modules[name] is not before.get(name)} == set()


def test_a_behaviour_defined_in_two_files_is_refused_with_both_places(suites):
    suites("dns/test_names.py", "same")
    folder = suites("node_port/test_reach.py", "same")

    with pytest.raises(UsageError) as refused:
        catalogue(folder)

    (problem,) = refused.value.problems
    assert problem.startswith("behaviour 'same' is defined twice: ")
    assert f"{folder}/dns/test_names.py:4" in problem
    assert f"{folder}/node_port/test_reach.py:4" in problem


def test_a_behaviour_defined_twice_in_one_file_is_refused_though_python_forgets_the_first(suites):
    folder = suites("dns/test_names.py", "same", "other", "same")

    with pytest.raises(UsageError, match=r"'same' is defined twice: .*test_names\.py:5 and .*test_names\.py:15"):
        catalogue(folder)


def test_every_mistake_in_the_suites_is_told_at_once(suites):
    suites("dns/test_broken.py", source="import nothing_of_that_name\n")
    suites("dns/test_syntax.py", source="def (:\n")
    folder = suites("dns/test_mute.py", source=HEAD + CHECK.format(name="mute").replace('"""', "# "))

    with pytest.raises(UsageError) as refused:
        catalogue(folder)

    broken, syntax, mute = refused.value.problems
    assert "test_broken.py: cannot be imported: ModuleNotFoundError" in broken
    assert "test_syntax.py: cannot be imported: SyntaxError" in syntax
    assert mute.endswith("test_mute.py:4: behaviour 'mute' has no docstring to state its requirement")


def test_a_test_that_declares_nothing_is_no_behaviour(suites):
    assert catalogue(suites("dns/test_plain.py", source="def test_plain(): pass\n")) == ()


def test_the_suites_of_this_project_can_be_read():
    assert len(catalogue(suites_dir())) >= 10


def test_every_must_of_the_suites_says_which_sentence_it_follows_from():
    silent = [one.id for one in catalogue(suites_dir()) if one.level is Level.MUST and not one.because]

    assert silent == []
