"""The landscape of alignments beside every run: energies, basins and the balance of triads.

Two-camp alignments from relations that a run ended with; it moves nothing and feeds nothing back.
"""
