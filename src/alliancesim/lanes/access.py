"""Reading and writing one lane, with the promise that lets loops over lanes become vectors.

A compiler turns a loop over lanes into vector instructions only if no iteration can write what
another reads. It cannot see that from a dozen arrays, and would check their addresses before every
loop, or give up. So reads and writes are marked here: within one compiled function,

- what :func:`read` reads is written by nothing, and what :func:`write` writes is read by nothing;
- what :func:`hold` writes under one slot is read by :func:`held` under the same slot alone.

A caller that breaks this gets wrong numbers, not an error; the tests compare every bit with the
Mesa model, which knows nothing of lanes.

Only access: what rows mean, and what is done with their numbers, is the callers' business.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from alliancesim.coefficients import Coefficients

_SLOTS = 8
_ROOMS = ("read", "write", *(f"slot {number}" for number in range(_SLOTS)))


def _promise(builder: Any, access: Any, room: str) -> None:
    """Mark an access as one to ``room``, which shares no memory with the other rooms."""
    module = builder.module
    domain = module.add_metadata([ir.MetaDataString(module, "alliancesim lanes")])
    scopes = {
        name: module.add_metadata([ir.MetaDataString(module, f"alliancesim {name}"), domain])
        for name in _ROOMS
    }
    others = [scope for name, scope in scopes.items() if name != room]
    access.set_metadata("alias.scope", module.add_metadata([scopes[room]]))
    access.set_metadata("noalias", module.add_metadata(others))


def _place(context: Any, builder: Any, row_type: Any, row: Any, lane: Any) -> Any:
    """Return the address of one lane of a contiguous row."""
    array = context.make_array(row_type)(context, builder, row)
    return builder.gep(array.data, [lane], inbounds=True)


def _reading(row: Any, room: str, *further: Any) -> tuple[Any, Any]:
    """Return signature and code that read one lane of a row from a room."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        access = builder.load(_place(context, builder, signature.args[0], args[0], args[1]))
        _promise(builder, access, room)
        return access

    return row.dtype(row, types.intp, *further), code


def _writing(row: Any, room: str, *further: Any) -> tuple[Any, Any]:
    """Return signature and code that write one lane of a row in a room."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _place(context, builder, signature.args[0], args[0], args[1])
        _promise(builder, builder.store(args[2], place), room)
        return context.get_dummy_value()

    return types.void(row, types.intp, row.dtype, *further), code


@intrinsic
def read(_typing: Any, row: Any, lane: Any) -> Any:
    """Return one lane of a row that is not written here."""
    return _reading(row, "read")


@intrinsic
def write(_typing: Any, row: Any, lane: Any, value: Any) -> Any:
    """Write one lane of a row that is not read here."""
    return _writing(row, "write")


@intrinsic(prefer_literal=True)
def held(_typing: Any, row: Any, lane: Any, slot: Any) -> Any:
    """Return one lane of a row that holds intermediate values under a slot."""
    return _reading(row, f"slot {slot.literal_value}", slot)


@intrinsic(prefer_literal=True)
def hold(_typing: Any, row: Any, lane: Any, value: Any, slot: Any) -> Any:
    """Write one lane of a row that holds intermediate values under a slot."""
    return _writing(row, f"slot {slot.literal_value}", slot)


def at(value: Any, lane: int) -> Any:
    """Return an input in one lane: the number itself where all lanes share it, else the lane's."""
    raise TypeError("for compiled code only")


@overload(at, inline="always")
def _at(value: Any, lane: Any) -> Any:
    if isinstance(value, types.Array):

        def own(value: Any, lane: Any) -> Any:
            return read(value, lane)

        return own

    def shared(value: Any, lane: Any) -> Any:
        return value

    return shared


@intrinsic
def _read_coefficients(_typing: Any, table: Any, lane: Any) -> Any:
    """Return the coefficients of one lane from a table of shape (coefficients, lanes)."""
    count = len(Coefficients._fields)
    result = types.NamedUniTuple(table.dtype, count, Coefficients)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        lanes = builder.extract_value(array.shape, 1)
        place = args[1]
        values = []
        for _ in range(count):
            access = builder.load(builder.gep(array.data, [place], inbounds=True))
            _promise(builder, access, "read")
            values.append(access)
            place = builder.add(place, lanes)
        return context.make_tuple(builder, signature.return_type, values)

    return result(table, types.intp), code


def coefficients_at(coefficients: Any, lane: int) -> Coefficients:
    """Return the coefficients in one lane: those all lanes share, or the lane's column."""
    raise TypeError("for compiled code only")


@overload(coefficients_at, inline="always")
def _coefficients_at(coefficients: Any, lane: Any) -> Any:
    if isinstance(coefficients, types.Array):

        def own(coefficients: Any, lane: Any) -> Any:
            return _read_coefficients(coefficients, lane)

        return own

    def shared(coefficients: Any, lane: Any) -> Any:
        return coefficients

    return shared


def is_idle(step: Any) -> bool:
    """Say whether a push is known to move nothing: a shared 0, never a row of lanes."""
    raise TypeError("for compiled code only")


@overload(is_idle, inline="always")
def _is_idle(step: Any) -> Any:
    if isinstance(step, types.Array):

        def own(step: Any) -> Any:
            return False

        return own

    def shared(step: Any) -> Any:
        return step == 0.0

    return shared
