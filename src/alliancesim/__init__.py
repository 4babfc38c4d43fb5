"""When does a wedge strategy split an alliance, do nothing, or backfire?

Start at :mod:`alliancesim.study`; the law is in :mod:`alliancesim.law`. Importing the package
loads nothing heavy.
"""

from alliancesim.version import __version__

__all__ = ["__version__"]
