"""Scenario files: what people write, how it is read, and every way in which it can be wrong.

Reading, checking and explaining mistakes; nothing here runs a world.
"""
