"""Pictures of several runs, or of one: how long changes took to show, drawn by matplotlib where it is installed."""

from svcproof.report.pictures.figures import Figure, figures

__all__ = ["Figure", "figures"]
