"""The patterns of the record as inequalities that the model meets or fails.

Each pattern is an inequality with its source; none may be tuned until it holds.
"""
