"""Reports: one self-contained HTML page from a folder of results, and sentences for terminals.

Templates and wording; a number that is not in the results may not be said here.
"""
