"""Renderings of several runs side by side: for a terminal, as Markdown, as CSV."""
