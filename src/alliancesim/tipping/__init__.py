"""Tipping points: how much of an input would have to change for the verdict to be another.

Roots and flips on common shocks; no words, no pictures.
"""
