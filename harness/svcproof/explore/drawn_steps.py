"""The drawing of steps: edits of what there is, alone or several at once, and interruptions of the proxy."""

from hypothesis import strategies as st

from svcproof.explore.drafts import Drafts, Edit, Step
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.port_edits import PORT_EDITS
from svcproof.explore.service_edits import SERVICE_EDITS, make_again
from svcproof.explore.slice_edits import SLICE_EDITS

EDITS = SERVICE_EDITS | SLICE_EDITS | PORT_EDITS
ONE_INTERRUPTION_IN = 40
ONE_EDIT_BACK_IN = 4
"""Of the edits of a Service whose spec was edited before: so many as one takes that back."""


def draw_step(draw: Draw, drafts: Drafts, *, may_interrupt: bool) -> Step:
    """Draw one step, and make the change in the drafts."""
    if may_interrupt and rarely(draw, ONE_INTERRUPTION_IN):
        return _interruption(draw, drafts)
    edits = draw_edits(draw, drafts)
    while rarely(draw, 5) and len(edits) < 4:
        edits += draw_edits(draw, drafts)
    return edits[0] if len(edits) == 1 else {"together": edits}


def draw_edits(draw: Draw, drafts: Drafts) -> list[Step]:
    """Draw one edit, of several steps where these belong together."""
    if not drafts.services or (drafts.gone and draw(st.booleans())):
        return [make_again(draw, drafts, draw(st.sampled_from(sorted(drafts.gone))))]
    name = draw(st.sampled_from(sorted(drafts.services)))
    if name in drafts.before and rarely(draw, ONE_EDIT_BACK_IN):
        return [drafts.patch_spec(name, drafts.before[name])]
    edits = [edit for edit, is_possible in EDITS.items() if is_possible(drafts, name)]
    edit: Edit = draw(st.sampled_from(edits))
    return edit(draw, drafts, name)


def _interruption(draw: Draw, drafts: Drafts) -> Step:
    """Draw a restart of the proxy, with edits while it is away."""
    edits = [step for _ in range(draw(st.sampled_from((1, 2, 0)))) for step in draw_edits(draw, drafts)]
    node = {"node": f"${{node-{draw(st.integers(1, 3))}}}"} if draw(st.booleans()) else {}
    how = draw(st.sampled_from(("restart", "kill")))
    return {"interrupt": {"proxy": how, **node, **({"meanwhile": edits} if edits else {})}}
