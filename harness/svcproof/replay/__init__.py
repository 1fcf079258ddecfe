"""Scenarios on a cluster: objects and steps made, and after each what every vantage sees held against the promise."""
