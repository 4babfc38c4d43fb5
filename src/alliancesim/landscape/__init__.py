"""The landscape of alignments beside every run: energies, basins and the balance of triads.

Two-camp alignments from the relations in each month of a run; it moves nothing and feeds nothing
back.
"""
