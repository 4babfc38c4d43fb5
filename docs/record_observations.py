"""Write the record's polls and coded changes into the scenario of 2010 to 2026 as observations.

Run from the repository: ``python docs/record_observations.py``. The record
(``src/alliancesim/record``) is where they are kept and changed; the tests check that the scenario
agrees with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from alliancesim.record.reading import Record, load_record
from alliancesim.record.scales import mapped
from alliancesim.record.schema import Episode, Point, Series
from alliancesim.scenario.quantities import month_count, month_text

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "northeast-asia-2010-2026.toml"
CODED = "coded by one coder who knew the outcome: direction more than size"
_REGION = re.compile(r"(?<=\n# record\n).*?(?=# end of record\n)", flags=re.DOTALL)


def with_observations(text: str) -> str:
    """Return the text of the scenario with the record's observations made anew."""
    made = "\n".join(_tables(load_record()))
    return _REGION.sub(lambda _: f"\n{made}\n", text)


def _tables(record: Record) -> Iterator[str]:
    """Yield one table for each poll and each coded change."""
    for label, series in record.series.items():
        if series.variable == "opinion":
            yield from _polls(label, series)
    for label, episode in record.episodes.items():
        if episode.within is None:
            yield from _changes(label, episode)


def _polls(label: str, series: Series) -> Iterator[str]:
    """Yield the table of each point of a series of polls."""
    for point, (value, error, estimated) in zip(series.points, mapped(series), strict=True):
        plain = series.scale == "favourability" and not estimated
        how = f"{_told(point)}; {series.method}" + (f"; {point.note}" if point.note else "")
        yield _table(
            f"{label}-{point.date}",
            date=point.date,
            what=series.what,
            variable=series.variable or "",
            of=series.of,
            toward=series.toward,
            value=_number(value, "measured" if plain else "derived", how),
            error=_number(error, "judgement", series.error_source),
            series=label,
            source=series.source,
        )


def _told(point: Point) -> str:
    """Return what a poll reported, in words."""
    if point.reading is not None:
        return f"reading of {point.reading:g}"
    shares = {"favourable": point.favourable, "unfavourable": point.unfavourable}
    told = [
        f"{share:g} % {side}" if share is not None else f"{side} share estimated"
        for side, share in shares.items()
    ]
    return ", ".join(told)


def _changes(label: str, episode: Episode) -> Iterator[str]:
    """Yield the tables of the two coded changes of an episode."""
    first, second = episode.alliance
    since = month_text(month_count(episode.start) - 1)
    ally, divider = episode.courted_or_coerced, episode.divider
    for variable, of, toward, value in (
        ("cohesion", first, second, episode.cohesion_change),
        ("opinion", ally, divider, episode.attitude_change),
    ):
        yield _table(
            f"coded-{label}-{variable}",
            date=episode.end,
            since=since,
            what=f"Coded change of {variable}, {label.upper()}: {value:+.2f}",
            variable=variable,
            of=of,
            toward=toward,
            value=_number(value, "coded", CODED),
            error=_number(episode.error, "judgement", "one coder, eight episodes"),
            series=f"coded-{variable}",
            source=f"coding of episodes, {episode.title}",
        )


def _number(value: float, basis: str, source: str) -> dict[str, float | str]:
    """Return a number with its basis and source."""
    return {"value": round(value, 3), "basis": basis, "source": source}


def _table(label: str, **keys: str | dict[str, float | str]) -> str:
    """Return one observation in TOML."""
    lines = [f"[observations.{label}]"]
    for key, held in keys.items():
        if isinstance(held, str):
            lines.append(f"{key} = {json.dumps(held, ensure_ascii=False)}")
        else:
            inner = ", ".join(
                f"{name} = {json.dumps(item, ensure_ascii=False)}" for name, item in held.items()
            )
            lines.append(f"{key} = {{ {inner} }}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Rewrite the scenario's observations."""
    SCENARIO.write_text(with_observations(SCENARIO.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
