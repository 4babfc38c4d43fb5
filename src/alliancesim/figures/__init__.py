"""Figures from results: functions that take results and return matplotlib figures, or SVG text."""
