"""What ``import alliancesim`` offers to notebooks, and to programs that drive the model."""
