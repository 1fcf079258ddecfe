"""svcproof as a guest: what a project notices of it that has it installed, and what its own tests get by asking."""

import pytest

from svcproof.plugin import fixtures

pytestmark = pytest.mark.programs

OTHERS = """
    import pytest

    @pytest.fixture
    def client(): return "the project's client"

    @pytest.fixture
    def db(): return "the project's database"
"""
USES = """
    import sys

    def test_ours(client, db, pytestconfig):
        assert (client, db) == ("the project's client", "the project's database")
        stages = [name for name, _ in pytestconfig.pluginmanager.list_name_plugin() if "controller" in name]
        assert stages == []
"""
BEHAVIOUR = """
    from svcproof import *

    @behaviour(spec="https://example.org/clause", level=MUST, by=PROXY)
    def test_it(client, pytestconfig):
        '''A thing holds.'''
        import time
        from svcproof.model.event import HttpStatus
        from svcproof.plugin.recording import notebook
        status = HttpStatus(vantage="client", address="10.96.0.9", port=80, path="/", status=200)
        notebook(pytestconfig).record([status], time.monotonic())
        assert client
"""
CLUSTER = """
    import pytest

    class Cluster:
        versions, lacking = {}, {}
        nodes = outside = ()
        def trouble(self): return ""
        def gone(self): return ""
        def proxy_cpu_time(self): return None
        def proxy_trouble(self, since=None): return ""

    @pytest.fixture(scope="session")
    def svcproof_cluster(pytestconfig):
        from svcproof.plugin.cluster import CLUSTER
        pytestconfig.stash[CLUSTER] = Cluster()
        return pytestconfig.stash[CLUSTER]

    @pytest.fixture(scope="session")
    def svcproof_sample(svcproof_cluster):
        class Pod:
            vantage = "a pod of ours"
        return {"client": (Pod,)}
"""


def test_the_fixtures_of_a_project_stay_its_own_and_the_plugin_does_nothing(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(OTHERS)
    pytester.makepyfile(USES)

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_every_fixture_that_a_project_sees_has_our_prefix(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(request): print('SEEN', *request._fixturemanager._arg2node2fixturedefs)")

    printed = pytester.runpytest_subprocess("-s", "-p", "no:svcproof").outlines
    (without,) = [line for line in printed if "SEEN" in line]
    (with_ours,) = [line for line in pytester.runpytest_subprocess("-s").outlines if "SEEN" in line]

    added = set(with_ours.split()) - set(without.split())
    assert added
    assert {name for name in added if not name.startswith("svcproof_")} == set()
    assert not set(with_ours.split()) & set(fixtures.__all__)


def test_a_file_with_a_behaviour_has_the_short_names_and_the_file_beside_it_has_not(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CLUSTER)
    pytester.makepyfile(test_mine=BEHAVIOUR, test_plain="def test_plain(client): pass")

    ended = pytester.runpytest_subprocess("-p", "no:terminal", "test_mine.py")
    plain = pytester.runpytest_subprocess("test_plain.py")

    assert ended.ret == 0, str(ended.stdout)
    plain.stdout.fnmatch_lines("*fixture 'client' not found*")


def test_one_line_in_a_conftest_gives_them_to_plain_tests_of_its_folder_alone(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CLUSTER)
    pytester.mkpydir("services").joinpath("conftest.py").write_text("from svcproof.plugin.fixtures import *\n")
    check = "def test_it(client): assert client == 'a pod of ours'\n"
    pytester.path.joinpath("services/test_services.py").write_text(check)
    pytester.makepyfile(test_beside=check)

    ended = pytester.runpytest_subprocess()

    ended.assert_outcomes(passed=1, errors=1)
    ended.stdout.fnmatch_lines("*fixture 'client' not found*")


def test_a_fixture_of_the_projects_conftest_has_the_last_word_in_a_file_with_a_behaviour(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(CLUSTER + OTHERS)
    pytester.makepyfile(BEHAVIOUR.replace("assert client", 'assert client == "the project\'s client"'))

    assert pytester.runpytest_subprocess().ret == 0


def test_only_behaviours_change_their_order_with_a_seed(pytester: pytest.Pytester) -> None:
    check = BEHAVIOUR.replace("test_it(", "test_number_{0}(").replace("assert client", "assert True")
    plain = "\n    def test_plain_{0}(): pass\n"
    pytester.makeconftest(CLUSTER)
    pytester.makepyfile("".join((check if n % 2 else plain).format(n) for n in range(16)))

    ended = pytester.runpytest_subprocess("--co", "-q", "-p", "no:randomly", "--svcproof-seed", "7")

    listed = [line.partition("::test_")[2] for line in ended.outlines if "::" in line]
    assert [name.startswith("plain") for name in listed] == [True, False] * 8
    assert [name for name in listed if name.startswith("plain")] == [f"plain_{n}" for n in range(0, 16, 2)]
    assert [name for name in listed if name.startswith("number")] != [f"number_{n}" for n in range(1, 16, 2)]


@pytest.mark.parametrize("setting", ["true", "false"])
def test_asserts_of_behaviours_count_whatever_the_projects_settings_and_compiled_files_say(
    pytester: pytest.Pytester, setting: str
) -> None:
    pytester.makeini(f"[pytest]\nenable_assertion_pass_hook = {setting}\n")
    pytester.makeconftest(CLUSTER)
    expected = f"assert pytestconfig.getini('enable_assertion_pass_hook') is {setting == 'true'}"
    pytester.makepyfile(BEHAVIOUR + f"\n    def test_setting(pytestconfig):\n        {expected}\n")
    pytester.runpytest_subprocess("-p", "no:svcproof")

    assert pytester.runpytest_subprocess().ret == 0
