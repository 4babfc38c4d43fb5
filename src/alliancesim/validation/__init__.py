"""How the law does on observations that it was not fitted to, beside what a sceptic would say.

Splits, fits, rival rules and scores; what was fitted to a year may not be scored on it as if it
were not.
"""
