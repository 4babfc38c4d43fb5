"""Experiments: one scenario at many points, from a design to tables on disk.

Designs, their execution and storage, and plain summaries; nothing here says what an outcome
means.
"""
