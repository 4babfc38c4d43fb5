"""Sensitivity: how far the outcome hangs on each factor, and which assumptions flip the verdict.

Designs over factors, indices and flags; runs are the experiment's and words the report's,
neither is made here.
"""
