"""Numbers that carry where they come from, and months.

A number in a scenario is written ``0.4`` or, better,
``{ value = 0.4, basis = "judgement", source = "..." }``. Only the types of single values enter;
which quantity stands where in a file is not said here, but in schema.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

Basis = Literal["measured", "derived", "coded", "judgement", "unstated"]
"""``measured``: a published figure. ``derived``: computed from such figures. ``coded``: an event or
record turned into a number by a coder. ``judgement``: an expert guess. ``unstated``: not said."""

_MONTH = re.compile(r"^([0-9]{4})-(0[1-9]|1[0-2])$")


class Quantity(BaseModel):
    """A number with its basis and source; ranges are set by the subclasses."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    lowest: ClassVar[float] = -1.0
    highest: ClassVar[float] = 1.0

    value: float = Field(allow_inf_nan=False, description="the number itself")
    basis: Basis = Field("unstated", description="how the number was come by")
    source: str = Field("", description="who says so: author, title, year, page or address")

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: Any) -> Any:
        """Accept a bare number in place of a table."""
        if isinstance(data, int | float) and not isinstance(data, bool):
            return {"value": data}
        return data

    @model_validator(mode="after")
    def _within_range(self) -> Quantity:
        """Refuse a value outside the range of this kind of quantity."""
        if not self.lowest <= self.value <= self.highest:
            raise ValueError(f"a number from {self.lowest:g} to {self.highest:g}")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Publish both ways of writing the number."""
        table = handler.resolve_ref_schema(handler(core_schema))
        bounds = {"minimum": cls.lowest, "maximum": cls.highest}
        table["properties"]["value"].update(bounds)
        return {"anyOf": [{"type": "number", **bounds}, table]}


class Unit(Quantity):
    """A quantity from 0 to 1."""

    lowest: ClassVar[float] = 0.0


class Signed(Quantity):
    """A quantity from -1 to 1."""


def parse_month(text: Any) -> str:
    """Return a month as ``YYYY-MM`` from such text or from a TOML date.

    Raises:
        ValueError: if it is neither.
    """
    if isinstance(text, datetime.date):
        return text.isoformat()[:7]
    if not isinstance(text, str) or _MONTH.fullmatch(text) is None:
        raise ValueError('a month written "YYYY-MM"')
    return text


def month_count(month: str) -> int:
    """Return the number of months from January of year 0 to a month written ``YYYY-MM``."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_text(count: int) -> str:
    """Return the month, written ``YYYY-MM``, that lies ``count`` months after January of year 0."""
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


Month = Annotated[
    str,
    BeforeValidator(parse_month),
    WithJsonSchema({"type": "string", "pattern": _MONTH.pattern}),
]
"""A calendar month, written ``"YYYY-MM"``."""
