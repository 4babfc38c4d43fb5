"""Scenarios as a notebook takes them: by name, by path, or loaded already and changed further.

No rule of scenarios stands here; what a notebook may say, a file and ``--set`` may say too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alliancesim.api.arguments import in_words, key_paths, names_in, setting_texts
from alliancesim.posterior.draws import Posterior, checked, load_posterior
from alliancesim.scenario import reading
from alliancesim.scenario.quantities import month_count, month_text
from alliancesim.scenario.reading import Loaded, parse_setting
from alliancesim.scenario.variation import varied

Reference = str | os.PathLike[str] | Loaded
"""A scenario: the name of a shipped one, a path, or what :func:`load` returned."""


DrawnFrom = str | os.PathLike[str] | Posterior | None
"""Where coefficients are drawn from: ``"default"``, a path, or a posterior; None for none."""


@dataclass(frozen=True, repr=False)
class LoadedScenario(Loaded):
    """A scenario, and what was changed in it.

    Attributes:
        settings: ``key=value`` texts that were laid over its file.
        without: mechanisms that were switched off.
    """

    settings: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return title, question, months, actors, strategies and changes, a line each."""
        scenario, time = self.scenario, self.scenario.time
        last = month_text(month_count(time.start) + time.months - 1)
        alliance = "-".join(scenario.outcome.alliance)
        played = ", ".join(
            f"{label} ({strategy.actor})"
            for label, strategy in scenario.strategies.items()
            if strategy.enabled
        )
        lines = [
            f"{self.name}: {scenario.title}",
            scenario.question,
            f"{time.start} to {last}, {time.months} months",
            f"actors {', '.join(scenario.actors)}; alliance {alliance}",
            f"strategies {played or 'none'}",
            f"set {', '.join(self.settings)}" if self.settings else "",
            f"without {', '.join(scenario.without)}" if scenario.without else "",
        ]
        return "\n".join(line for line in lines if line)


@in_words()
def load(
    scenario: Reference,
    set: Mapping[str, Any] | None = None,
    without: str | Iterable[str] = (),
) -> LoadedScenario:
    """Read and check a scenario, or change one that is loaded.

    Args:
        scenario: name of a shipped scenario, a path, or a loaded scenario, which stays as it is.
        set: values that replace those of the file, by dotted key, such as
            ``{"coefficients.spillover": 0.5}``; the keys are those of ``--set``.
        without: mechanisms to switch off.

    Returns:
        The scenario.

    Raises:
        InputError: with every problem found.
    """
    return loaded_with(scenario, setting_texts(set), names_in(without))


def posterior_of(which: DrawnFrom) -> Posterior | None:
    """Return the posterior that an argument stands for.

    Raises:
        InputError: if there is none of that name, or it is not valid.
    """
    if isinstance(which, Posterior):
        return checked(which)
    return None if which is None else load_posterior(which)


def loaded_with(
    scenario: Reference, settings: Sequence[str], without: Sequence[str]
) -> LoadedScenario:
    """Return a scenario with ``key=value`` texts laid over it and mechanisms switched off.

    Raises:
        InputError: with every problem found.
    """
    if not isinstance(scenario, Loaded):
        found = reading.load(os.fspath(scenario), settings, without)
        return LoadedScenario(**vars(found), settings=tuple(settings), without=tuple(without))
    earlier = scenario if isinstance(scenario, LoadedScenario) else None
    before = (earlier.settings, earlier.without) if earlier else ((), ())
    changes = dict(parse_setting(text) for text in settings)
    key_paths(".".join(path) for path in changes)
    if without:
        changes["without",] = [*scenario.scenario.without, *without]
    made = varied(scenario, changes) if changes else scenario.scenario
    return LoadedScenario(
        scenario.name,
        made,
        scenario.files,
        made.model_dump(mode="json") if changes else scenario.document,
        settings=(*before[0], *settings),
        without=(*before[1], *without),
    )
