"""What calibration leaves behind: draws of the coefficients from their posterior distribution.

Draws as they were left, and how runs share them; nothing is fitted here, which is calibration's.
"""
