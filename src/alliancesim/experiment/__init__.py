"""Experiments: one scenario at many points, from a design to tables on disk.

Designs, their execution and storage, and plain summaries; what an outcome means is for others to
say.
"""
