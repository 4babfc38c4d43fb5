"""What trajectories say: outcomes per run, intervals, the verdict and the reasons for it.

Numbers from arrays; no files, no tables on disk, and no sentences but the advice on how
many runs would do.
"""
