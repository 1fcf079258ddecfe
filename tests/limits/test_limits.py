import configparser
import threading
from importlib.resources import files

import pytest

from svcproof import Expired, Judged, consistently, eventually
from svcproof.errors import ProvisionError, UsageError
from svcproof.limits import Patience, Provision, all_limits, carried, patience, read
from svcproof.wait import converging, provisioned

LIMITS = pytest.mark.parametrize("limit", all_limits().values(), ids=lambda limit: limit.called)


@LIMITS
def test_each_limit_says_what_must_happen_and_why_it_may_take_so_long(limit):
    assert limit.usual > 0
    assert limit.ceiling >= limit.usual
    assert all(text.endswith(".") and len(text) > 10 for text in (limit.what, limit.why))


def test_no_two_limits_have_one_name():
    members = [limit for kind in {type(limit) for limit in all_limits().values()} for limit in kind]

    assert len(members) == len(all_limits())


def test_a_factor_stretches_every_limit_up_to_its_ceiling():
    with patience(read(["3"])):
        assert all(limit.seconds == min(3 * limit.usual, limit.ceiling) for limit in all_limits().values())
    assert all(limit.seconds == limit.usual for limit in all_limits().values())


def test_a_named_factor_stretches_its_limit_alone_and_goes_before_the_general_one():
    with patience(read(["2", "pod-ready=4"])):
        assert (Provision.POD_READY.seconds, Provision.LAB_STARTED.seconds) == (240, 120)


def test_what_would_put_itself_right_in_time_is_not_waited_for():
    with patience(Patience(100)):
        assert Judged.SOCKET_MOVED.seconds == Judged.SOCKET_MOVED.usual
        assert Judged.CONVERGENCE.seconds < 30


def test_the_convergence_that_a_proxy_declares_is_stretched_but_never_cut_short():
    with patience(Patience(2)):
        assert (Judged.CONVERGENCE.of(4), Judged.CONVERGENCE.of(15), Judged.CONVERGENCE.of(60)) == (8, 20, 60)


def test_a_check_under_the_settings_of_svcproof_may_take_as_long_as_its_limit():
    settings = configparser.ConfigParser()
    settings.read_string((files("svcproof.plugin") / "pytest.ini").read_text())

    assert settings.getfloat("pytest", "timeout") == Judged.CHECK.usual


@pytest.mark.parametrize("word", ["0", "0.5", "-1", "nan", "inf", "1e9", "fast", "", "pod-ready=", "pod-ready=0"])
def test_a_bad_factor_is_refused_with_what_is_allowed(word):
    with pytest.raises(UsageError, match="a factor is a number from 1 to 100"):
        read([word])


def test_an_unknown_limit_is_refused_with_one_that_is_near():
    with pytest.raises(UsageError, match=r"no limit 'pod-redy' \(did you mean pod-ready"):
        read(["pod-redy=2"])


def test_every_mistake_is_told_at_once():
    with pytest.raises(UsageError) as caught:
        read(["slow", "3", "none=2"])

    assert len(caught.value.problems) == 2


def test_a_thread_has_the_patience_of_the_run_where_it_is_carried():
    seconds = []

    with patience(Patience(2)):
        look = carried(lambda: seconds.append(Provision.POD_READY.seconds))
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert seconds == [120]


def test_eventually_waits_for_as_long_as_the_patience_of_the_run_allows():
    with patience(Patience(2)), converging(0.1), pytest.raises(Expired) as caught:
        eventually(lambda: "no", lambda value: value == "yes", every=0.05)

    assert caught.value.history[-1].last >= 0.2


def test_what_must_last_is_watched_for_no_longer_and_no_shorter():
    looks = []

    with patience(Patience(100)):
        consistently(lambda: looks.append(1), lambda _: True, lasting=0.5, every=0.05)

    assert 2 <= len(looks) <= 12


def test_a_failure_names_the_limit_that_ran_out_and_a_remedy():
    with pytest.raises(ProvisionError) as caught:
        provisioned("the answer", lambda: "no", lambda value: value == "yes", Judged.PROBE)

    assert "(limit probe)" in str(caught.value)
    assert "--patience probe=2" in str(caught.value)
