"""The page: one HTML file that shows a run, or several side by side, and reads run files that are dropped on it.

The tables are made here, by Jinja2 templates; the scripts only enhance them, and open cells. A page needs no other
file: it holds the styles and scripts, which are files of this package, and the facts of each run. The same runs give
the same bytes.
"""

from svcproof.report.page.document import against, comparison, single

__all__ = ["against", "comparison", "single"]
