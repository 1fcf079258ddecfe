from svcproof.model.keps import KEPS, kept_by, unasked


def test_an_enhancement_is_listed_once_under_its_number_in_order():
    assert list(KEPS) == sorted(KEPS)
    assert all(number == kep.number for number, kep in KEPS.items())


def test_what_kep_5922_says_is_told_of_the_enhancements_it_lists_alone():
    assert kept_by(1669) == "most service proxies"
    assert kept_by(1672) == kept_by(9999) == kept_by(None) == ""


def test_the_listed_enhancements_that_nothing_asks_are_told():
    fourteen = tuple(number for number, kep in KEPS.items() if kep.kept_by)

    assert len(fourteen) == 14
    assert [kep.number for kep in unasked([None, 1669, 752])] == [each for each in fourteen if each not in {1669, 752}]
    assert unasked(fourteen) == ()
