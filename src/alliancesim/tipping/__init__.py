"""Tipping points: how much of an input would have to change for the verdict to be another."""
