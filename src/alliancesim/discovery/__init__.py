"""Scenario discovery: under which conditions a wedge splits, does nothing, or backfires.

Boxes and trees over the points of an experiment; no runs of its own, no words, no pictures.
"""
