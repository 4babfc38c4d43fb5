"""Rival theories on the same scenario and the same record: which one explains which episode."""
