"""When does a wedge strategy split an alliance, do nothing, or backfire?

For notebooks and scripts: :func:`load` a scenario, :func:`run` it, :func:`compare` several,
:func:`sweep` over its numbers; :func:`evaluate` and :func:`evaluate_many` are for programs that
draw the points themselves. What is wrong with the input is an :class:`InputError`. The law is in
:mod:`alliancesim.law`. Importing the package loads nothing heavy.
"""

from typing import TYPE_CHECKING

from alliancesim.version import __version__

if TYPE_CHECKING:
    from alliancesim.api.evaluating import evaluate, evaluate_many
    from alliancesim.api.loading import load
    from alliancesim.api.running import compare, run
    from alliancesim.api.sweeping import sweep
    from alliancesim.scenario.problems import InputError
else:
    _HOMES = {
        "InputError": "scenario.problems",
        "compare": "api.running",
        "evaluate": "api.evaluating",
        "evaluate_many": "api.evaluating",
        "load": "api.loading",
        "run": "api.running",
        "sweep": "api.sweeping",
    }

    def __getattr__(name: str) -> object:
        """Return a name of the interface; its module is imported when it is first asked for."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        """Return all names, those not yet imported included."""
        return sorted({*globals(), *_HOMES})


__all__ = [
    "InputError",
    "__version__",
    "compare",
    "evaluate",
    "evaluate_many",
    "load",
    "run",
    "sweep",
]
