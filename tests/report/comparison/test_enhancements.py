from dataclasses import replace

from svcproof.model.matrix import matrix
from svcproof.report.comparison import markdown


def test_a_comparison_by_enhancement_says_who_keeps_each_and_which_no_behaviour_asks(every_kind):
    kept = replace(every_kind.behaviours[0], kep=1669)
    text = markdown.compared(matrix({"a": replace(every_kind, behaviours=(kept, *every_kind.behaviours[1:]))}), "kep")

    assert "| KEP-1669 Proxy terminating endpoints | most service proxies |" in text
    assert "Listed by KEP-5922, and not asked by any behaviour here: KEP-563" in text
    assert "KEP-5922" not in markdown.compared(matrix({"a": every_kind}), "area")
