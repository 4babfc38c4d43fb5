"""The command that holds a law against observations it was not fitted to, beside baselines.

Splits and effort have no options: the calibration's file says them before there is a score.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from alliancesim.cli.options import Calibration, Json, Out, Settings
from alliancesim.cli.printing import (
    announce_compilation,
    plain_rows,
    print_folder_alone,
    print_json,
    print_paragraphs,
)

if TYPE_CHECKING:
    from alliancesim.validation.hindcasting import Hindcast


def validate(
    calibration: Calibration,
    out: Out = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Fit on a part of the record, foretell the rest, and score it. Baselines stand beside."""
    from alliancesim.calibration.reading import load_calibration
    from alliancesim.results.folder import new_folder

    loaded = load_calibration(calibration, settings or [])
    folder = new_folder(out, f"{loaded.name}-hindcast")

    from alliancesim.cli.console import progress_bar
    from alliancesim.cli.interrupting import keeping_fits
    from alliancesim.validation import folder as results
    from alliancesim.validation.hindcasting import hindcast, planned

    fits = planned(loaded)
    announce_compilation(quiet=as_json)
    first = f"{fits[0].split.name}, {fits[0].law}"
    with keeping_fits(folder, loaded) as kept:
        with progress_bar(first, len(fits), quiet=as_json) as progress:
            found = hindcast(fits, progress, kept)
        manifest = results.write(found, loaded, settings or [], folder)
    if as_json:
        data = {key: manifest[key] for key in ("name", "headline", "words", "splits")}
        print_json({**data, "scores": plain_rows(found.scores), "folder": str(folder)})
        return
    _print(found)
    print_folder_alone(folder)


def _print(found: Hindcast) -> None:
    """Print the scores of levels and changes together, and what they say."""
    from alliancesim.cli.console import table
    from alliancesim.validation.tables import CHANGES, LEVELS
    from alliancesim.validation.words import SENSE, headline, told

    words = told(found)
    rows = {
        (row["split"], row["forecaster"], row["what"]): row
        for row in found.scores.to_dict("records")
    }
    for split in words:
        table(
            ("forecaster", "CRPS of levels", "CRPS of changes", "directions of changes"),
            [
                (
                    name,
                    _cell(rows.get((split, name, LEVELS)), "{crps:.3f}"),
                    _cell(rows.get((split, name, CHANGES)), "{crps:.3f}"),
                    _cell(rows.get((split, name, CHANGES)), "{sign_hits} of {signs}"),
                )
                for name in dict.fromkeys(name for part, name, _ in rows if part == split)
            ],
            title=split,
        )
    print_paragraphs([headline(found), SENSE, *(" ".join(said) for said in words.values())])


def _cell(row: Mapping[Hashable, Any] | None, form: str) -> str:
    """Return one row's scores as text, empty where nothing of the kind was scored."""
    return "" if row is None else form.format(**{str(key): item for key, item in row.items()})
