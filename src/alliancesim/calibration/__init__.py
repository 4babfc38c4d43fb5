"""Coefficients from the record: priors, likelihood, sampling, and what the sample says.

Observations come from the record, numbers from the batch kernel; scoring on unseen years is
validation's, and no coefficient is moved by hand here.
"""
