"""The drawing of steps: edits of what there is, alone or several at once, and interruptions of the proxy."""

from hypothesis import strategies as st

from svcproof.explore.drafts import Drafts, Step
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.edits_back import edits_back
from svcproof.explore.in_one import in_one
from svcproof.explore.port_edits import PORT_EDITS
from svcproof.explore.service_edits import SERVICE_EDITS, make_again
from svcproof.explore.slice_edits import SLICE_EDITS

EDITS = SERVICE_EDITS | SLICE_EDITS | PORT_EDITS
ONE_INTERRUPTION_IN = 40
ONE_STEP_BACK_IN = 3
"""Of the steps after the first: so many as one brings back what was there before."""
MOST_AT_ONCE = 4


def draw_step(draw: Draw, drafts: Drafts, *, may_interrupt: bool) -> Step:
    """Draw one step, and make the change in the drafts."""
    earlier = list(drafts.earlier)
    drafts.begin_step()
    if may_interrupt and rarely(draw, ONE_INTERRUPTION_IN):
        return _interruption(draw, drafts)
    edits = []
    if earlier and rarely(draw, ONE_STEP_BACK_IN):
        edits = edits_back(drafts, *earlier[draw(st.sampled_from((-1, 0)))])
    edits = edits or _draw_several(draw, drafts)
    return edits[0] if len(edits) == 1 else {"together": edits}


def _draw_several(draw: Draw, drafts: Drafts) -> list[Step]:
    """Draw an edit, seldom more at once: of any Service, or of fields of one object in one write."""
    edits = draw_edits(draw, drafts)
    while rarely(draw, 4) and len(edits) < MOST_AT_ONCE:
        edits += draw_edits(draw, drafts)
    return in_one(edits) if len(edits) > 1 and draw(st.booleans()) else edits


def draw_edits(draw: Draw, drafts: Drafts) -> list[Step]:
    """Draw one edit, of several steps where these belong together."""
    if not drafts.services or (drafts.gone and draw(st.booleans())):
        return [make_again(draw, drafts, draw(st.sampled_from(sorted(drafts.gone))))]
    name = draw(st.sampled_from(sorted(drafts.services)))
    weighted = [edit for edit, weight in EDITS.items() for _ in range(weight(drafts, name))]
    return list(draw(st.sampled_from(weighted))(draw, drafts, name))


def _interruption(draw: Draw, drafts: Drafts) -> Step:
    """Draw a restart of the proxy, with edits while it is away."""
    edits = [step for _ in range(draw(st.sampled_from((1, 2, 0)))) for step in draw_edits(draw, drafts)]
    node = {"node": f"${{node-{draw(st.integers(1, 3))}}}"} if draw(st.booleans()) else {}
    how = draw(st.sampled_from(("restart", "kill")))
    return {"interrupt": {"proxy": how, **node, **({"meanwhile": edits} if edits else {})}}
