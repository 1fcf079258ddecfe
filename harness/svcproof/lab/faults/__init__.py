"""Faults that can be switched on in a lab: a module for each value of rules that they mutate.

The parts of the lab know nothing of them.
"""
