"""What trajectories say: outcomes per run, intervals, the verdict and the reasons for it."""
