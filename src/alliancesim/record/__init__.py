"""What was measured and coded, as package data: series of observations, and episodes of history."""
