"""What ``import alliancesim`` offers to notebooks, and to programs that drive the model.

Arguments come in as plain Python and leave as pandas and xarray; no printing, no drawing, and no
number that a command would not give.
"""
