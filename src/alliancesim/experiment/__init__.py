"""Experiments: one scenario at many points, from a design to tables on disk."""
