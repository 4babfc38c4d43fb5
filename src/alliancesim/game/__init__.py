"""A scenario as a game: moves of chosen actors, what each wants, and where that leads."""
