"""What caused a change: shares of its causes, that is of what came into the world from outside.

Shares, ledger and their tables, with names for causes and terms; no sentences and no pictures,
which are the report's.
"""
