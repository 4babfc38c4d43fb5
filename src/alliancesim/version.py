"""The version of the package, read by the build and by every results manifest.

Nothing else may enter, since the build reads this file without importing it.
"""

__version__ = "0.1.0"
