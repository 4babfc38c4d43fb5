"""Coefficients from the record: priors, likelihood, sampling, and what the sample says."""
