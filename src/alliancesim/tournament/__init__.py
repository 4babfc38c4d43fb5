"""Rival theories on the same scenario and the same record: which one explains which episode.

Theories are switch sets of the one law, fits and scores are validation's; no theory may bring an
equation of its own.
"""
