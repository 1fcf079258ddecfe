"""Pictures of several runs, or of one: how long changes took to show, and how long traffic was lost meanwhile.

They are drawn by matplotlib where it is installed.
"""

from svcproof.report.pictures.figures import Figure, disruptions, figures

__all__ = ["Figure", "disruptions", "figures"]
