"""Event files in other people's formats: read, counted, and turned into monthly levels.

Foreign files end here: what leaves are levels and drivers of ours. No model, no result.
"""
