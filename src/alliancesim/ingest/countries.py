"""From the countries of event files to ISO 3166 codes of three letters.

No list of countries is kept here beyond the codes of GDELT that the library does not know.
"""

from __future__ import annotations

import logging
from typing import Any

from alliancesim.scenario.extras import installing
from alliancesim.scenario.problems import InputError, Problem, nearest

CAMEO_NAMES = {
    "FRO": "Faeroe Islands",
    "GZS": "Gaza Strip",
    "IMY": "Isle of Man",
    "MTN": "Montenegro",
    "ROM": "Romania",
    "TMP": "East Timor",
    "WSB": "West Bank",
}
"""Codes of countries in GDELT that are no ISO codes, and their names in its list of codes.

After GDELT's lookup table CAMEO.country.txt. That list also has regions ("EUR", "AFR"), a city
("BAG") and a dissolved country ("ANT"): these are no actors here, and are counted as not mapped.
"""

_UNKNOWN = "not found"
_LONGEST_NAME = 80


class Countries:
    """Knows countries by code and by name, through the library country_converter."""

    def __init__(self) -> None:
        """Load the library's table.

        Raises:
            InputError: if the library is not installed.
        """
        try:
            import country_converter  # type: ignore[import-untyped]
        except ImportError:
            expected = f"country_converter to be installed ({installing('ingest')})"
            raise InputError([Problem("ingest", "", "", expected)]) from None
        self._converter = country_converter.CountryConverter(country_data=_table())
        self._codes = frozenset(str(code) for code in self._converter.data["ISO3"])

    def is_code(self, code: str) -> bool:
        """Say whether a text is an ISO code of three letters."""
        return code in self._codes

    def suggestion(self, code: str) -> str:
        """Return the code of what is named or, failing that, the code most like it, or ''."""
        return self.of_name(code) or nearest(code, self._codes)

    def of_cameo(self, code: str) -> str:
        """Return the ISO code for a country's code in GDELT, or '' if it stands for no country."""
        if code in self._codes:
            return code
        return self.of_name(CAMEO_NAMES[code]) if code in CAMEO_NAMES else ""

    def of_name(self, name: str) -> str:
        """Return the ISO code of a country's English name, or '' if it is none or ambiguous."""
        if len(name) > _LONGEST_NAME:  # the library's patterns take minutes on a very long text
            return ""
        log = logging.getLogger("country_converter")
        before = log.level
        log.setLevel(logging.CRITICAL)  # it warns of every name it does not know
        try:
            found: Any = self._converter.convert(name, src="regex", to="ISO3", not_found=_UNKNOWN)
        finally:
            log.setLevel(before)
        return found if isinstance(found, str) and found in self._codes else ""


def _table() -> Any:
    """Return the library's table as text.

    Its own loader takes empty codes for numbers under pandas 3, and then fails.
    """
    import pandas as pd
    from country_converter.country_converter import (  # type: ignore[import-untyped]
        COUNTRY_DATA_FILE,
    )

    table = pd.read_csv(
        COUNTRY_DATA_FILE, sep="\t", encoding="utf-8", dtype=str, keep_default_na=False
    )
    # What is missing in this column says which countries exist today, so it must stay missing.
    table["obsolete"] = table["obsolete"].where(table["obsolete"] != "")
    return table
