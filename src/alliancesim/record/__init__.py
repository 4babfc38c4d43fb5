"""What was measured and coded, as package data: series of observations, and episodes of history.

Measured and coded values with their sources; no value that a model computed may enter.
"""
