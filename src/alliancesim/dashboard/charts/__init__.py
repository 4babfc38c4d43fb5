"""Charts of the dashboard, drawn as SVG in a few milliseconds, each with its text alternative."""
