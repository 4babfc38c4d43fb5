"""The patterns of the record as inequalities that the model meets or fails."""
