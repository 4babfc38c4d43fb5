"""Charts of the dashboard, drawn as SVG in a few milliseconds, each with its text alternative.

Matplotlib draws none of them, which would keep a slider waiting; and nothing is computed here.
"""
