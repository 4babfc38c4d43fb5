"""What calibration leaves behind: draws of the coefficients from their posterior distribution."""
