"""Robustness to coding: the verdict where judgements keep their order and nothing else.

Scales and order-preserving maps; numbers that were measured may not be touched.
"""
