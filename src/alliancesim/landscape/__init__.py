"""The landscape of alignments beside every run: energies, basins and the balance of triads."""
