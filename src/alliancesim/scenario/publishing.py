"""The JSON Schema of scenario files, as editors use it.

No key stands here but ``extends``, which the schema does not know, since it is gone once files are
merged.
"""

from __future__ import annotations

from typing import Any

from alliancesim.scenario.schema import Scenario


def file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    A file that extends another may leave out any key, so keys are required only at the top of
    files that extend nothing; ``alliancesim check`` sees to the rest.
    """
    found = Scenario.model_json_schema()
    required = found.pop("required")
    for table in found["$defs"].values():
        if "value" not in table.get("properties", {}):
            table.pop("required", None)
    found["properties"]["extends"] = {
        "type": "string",
        "description": "name of a scenario in the same folder, or of a shipped one, to start from",
    }
    found["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
