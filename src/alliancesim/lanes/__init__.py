"""The law for many runs at once: blocks of runs in lanes, so that one instruction serves eight.

Arrays carry the lane (the run within its block) as their last axis. Only loops enter here: over
actors and third actors in the order of the actors, innermost over lanes. What is computed in a lane
stands in :mod:`alliancesim.law`, once, for this engine and for the Mesa model.
"""
