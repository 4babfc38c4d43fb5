"""The dashboard: a web page on this machine that shows what every slider does to the verdict.

Settings, computing, charts and the server that shows them; no number is computed another way than
a command computes it, and nothing is fetched from elsewhere.
"""
