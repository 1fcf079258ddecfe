"""Directories and files on this machine that are this user's alone, and the removal of whole trees."""

from harness.disk.tree import Left, remove_tree

__all__ = ["Left", "remove_tree"]
