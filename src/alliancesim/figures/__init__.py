"""Figures from results: functions that take results and return matplotlib figures, or SVG text.

The only room that knows matplotlib; nothing here reads a file, runs a model or decides a verdict.
"""
