"""Scenario discovery: under which conditions a wedge splits, does nothing, or backfires."""
