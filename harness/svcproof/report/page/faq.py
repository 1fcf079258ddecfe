"""The words of the page on itself: the meaning of each mark, and what a reader may see, with what it means."""

from collections.abc import Mapping

from svcproof.model.judgement import Observed

MEANINGS: Mapping[Observed, str] = {
    Observed.PASS: "It holds: it was probed, and nothing contradicted it.",
    Observed.FAIL: "A probe contradicted it. Only this speaks against the proxy as a failure.",
    Observed.FLAKY: "It held in some repeats and was contradicted in others.",
    Observed.WEAK: "Contradicted, and only recommended, optional, or not binding yet: a warning.",
    Observed.DEVIATES: "Contradicted, as the proxy's documentation says it would be.",
    Observed.UNKNOWN: "The check broke, or its own control failed. Nothing follows about the proxy.",
    Observed.RECORDED: "Kubernetes leaves it open. The way that this proxy goes is written down, never judged.",
    Observed.DECLINED: "The proxy does not claim what this needs, and it is not so.",
    Observed.UNTESTABLE: "This cluster lacks what the check needs, or it or its proxy is older than the promise.",
    Observed.NOT_RUN: "Selected, and the run ended before its turn. The run is not complete.",
    Observed.NO_RUN: "An empty cell: this run did not select it, or its suite does not have it.",
}
SYMPTOMS: Mapping[str, str] = {
    "A whole column is ?": (
        "Nothing follows about the proxy: the cluster's own network did not work, the proxy did not come up, or the "
        "machine was too busy. Open a cell for the error of the check."
    ),
    "A few ? among ticks": (
        "The checks broke, or their controls failed; often the machine was busy. Run these again alone: each cell has "
        "the command."
    ),
    "Many – in one column": (  # noqa: RUF001
        "The cluster lacks something, such as a second node, a client outside of it, or a second IP family; or it, or "
        "its proxy, is older than the promise. Open a cell to see what is needed. A dash counts neither for the proxy "
        "nor against it."
    ),
    "A whole area is ○": (
        "The proxy's declaration does not claim the feature that these need. Where it should, add it to `features` of "
        "the declaration, and judge the same facts again with `svcproof recheck`."
    ),
    "✓ with ⚑": "It works, though the proxy does not claim it: the declaration is too modest.",
    "My proxy differs from another, and both are ✓ or i": (
        "Kubernetes leaves it open (a MAY): both are right. The word beside the i is the way that each goes."
    ),
    "✗ here, and upstream's own tests pass": (
        "Those tests may look at less. Open the cell: it has the clause, the probes and the first thing that was not "
        "as the API says it should be."
    ),
    "A column has no totals": (
        "Its run is not complete: it was interrupted, killed, or its file was cut off. Numbers of a part would read "
        "like numbers of the whole."
    ),
    "The numbers of two columns have different totals": (
        "Each counts what was shown in its own run, one way or the other: what was not run, not testable there or "
        "undecided is in no total, and is named beside it."
    ),
    "An empty cell": "That run did not select the behaviour, or its suite does not have it. It says nothing.",
}
