"""Sensitivity: how far the outcome hangs on each factor, and which assumptions flip the verdict."""
