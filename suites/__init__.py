"""The checks: one folder per area, one file per subject, one function per behaviour."""
