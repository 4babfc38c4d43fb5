"""A scenario as a game: moves of chosen actors, what each wants, and where that leads.

Payoffs by the kernel, equilibria by best response and nashpy; no words, no pictures.
"""
