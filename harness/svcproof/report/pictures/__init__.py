"""Pictures of several runs, or of one: how long changes took to show, drawn by matplotlib where it is installed."""

from svcproof.report.pictures.figures import HEADINGS, Figure, figures

__all__ = ["HEADINGS", "Figure", "figures"]
