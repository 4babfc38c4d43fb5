"""The equations of the documentation: read as text, evaluated on numbers.

An equation is a line ``left = right``, continued on indented lines. The left side is a name, such
as ``appeal`` or ``term.balancing``, or a function, such as ``push(x, s)``. The right side is an
expression of a small language: arithmetic, comparisons, ``a if b else c``, the functions of
``FUNCTIONS``, sums and maxima over actors, and the names of the model. Nothing else is accepted.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "min": min,
    "abs": abs,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
}

_BINARY: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
    ast.GtE: operator.ge,
}


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


_FOLDS: Mapping[str, Callable[[list[float]], float]] = {
    "sum": math.fsum,
    "max": lambda values: max(values, default=0.0),
    "mean": _mean,
    "product": math.prod,
}
"""What may be taken over actors; over nobody a sum, a maximum and a mean are 0, a product is 1."""


@dataclass(frozen=True)
class Equation:
    """One equation: the name it defines, its parameters if it is a function, and its right side."""

    name: str
    parameters: tuple[str, ...]
    right: ast.expr


def read(text: str) -> dict[str, Equation]:
    """Return the equations of a block by name."""
    joined = re.sub(r"\n\s+", " ", text.strip())
    found = {}
    for line in joined.splitlines():
        left, equals, right = line.partition(" = ")
        if not equals:
            raise ValueError(f"no equation: {line}")
        head = ast.parse(left.strip(), mode="eval").body
        parameters: tuple[str, ...] = ()
        if isinstance(head, ast.Call):
            parameters = tuple(ast.unparse(argument) for argument in head.args)
            head = head.func
        name = ast.unparse(head)
        found[name] = Equation(name, parameters, ast.parse(right.strip(), mode="eval").body)
    return found


class Setting:
    """Equations together with numbers for the names that they leave open.

    Attributes:
        equations: by name.
        names: numbers, indexable arrays, and tables of these, by the name they have in equations.
        at_rest: the setting in which ``at_rest(...)`` is evaluated, if there is one.
    """

    def __init__(
        self,
        equations: Mapping[str, Equation],
        names: Mapping[str, Any],
        at_rest: Setting | None = None,
    ) -> None:
        self.equations = equations
        self.names = names
        self.at_rest = at_rest

    def value(self, name: str, *arguments: float) -> float:
        """Return the value of a defined name, or of a defined function of arguments."""
        equation = self.equations[name]
        bound = dict(zip(equation.parameters, arguments, strict=True))
        return float(self._of(equation.right, bound))

    def _of(self, node: ast.expr, bound: Mapping[str, Any]) -> Any:
        """Return the value of an expression; ``bound`` holds parameters and running indices."""
        match node:
            case ast.Constant(value=int() | float() as value):
                pass
            case ast.Name(id=name):
                value = bound[name] if name in bound else self._named(name)
            case ast.Attribute():
                value = self._named(ast.unparse(node))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                value = -self._of(inner, bound)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                value = _BINARY[type(op)](self._of(left, bound), self._of(right, bound))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                value = _COMPARISONS[type(op)](self._of(left, bound), self._of(right, bound))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                value = self._of(body if self._of(test, bound) else orelse, bound)
            case ast.Subscript(value=array, slice=index):
                value = self._of(array, bound)[self._index(index, bound)]
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                value = self._call(name, arguments, bound)
            case _:
                raise ValueError(f"not part of the language of equations: {ast.unparse(node)}")
        return value

    def _named(self, name: str) -> Any:
        if name in self.equations:
            return self.value(name)
        found: Any = self.names
        for part in name.split("."):
            found = found[part]
        return found

    def _index(self, node: ast.expr, bound: Mapping[str, Any]) -> Any:
        if isinstance(node, ast.Tuple):
            return tuple(self._of(part, bound) for part in node.elts)
        return self._of(node, bound)

    def _call(self, name: str, arguments: list[ast.expr], bound: Mapping[str, Any]) -> Any:
        if name == "at_rest" and self.at_rest is not None:
            return self.at_rest._of(arguments[0], bound)
        if name in _FOLDS and isinstance(arguments[0], ast.GeneratorExp):
            return _FOLDS[name](self._each(arguments[0], bound))
        values = [self._of(argument, bound) for argument in arguments]
        if name in self.equations:
            return self.value(name, *values)
        return max(values) if name == "max" else FUNCTIONS[name](*values)

    def _each(self, node: ast.GeneratorExp, bound: Mapping[str, Any]) -> list[float]:
        """Return the values of an expression for each of some actors, dyads or strategies."""
        (loop,) = node.generators
        if loop.ifs:
            raise ValueError(f"not part of the language of equations: {ast.unparse(node)}")
        letters = [part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)]
        values = []
        for item in self._over(loop.iter, bound):
            found = item if isinstance(item, tuple) else (item,)
            values.append(self._of(node.elt, {**bound, **dict(zip(letters, found, strict=True))}))
        return values

    def _over(self, node: ast.expr, bound: Mapping[str, Any]) -> Iterable[Any]:
        """Return what a running index runs over: a named set, or ``others(a)``."""
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "others":
            own = self._of(node.args[0], bound)
            return [k for k in self.names["actors"] if k != own]
        found: Iterable[Any] = self._of(node, bound)
        return found


def names_used(equation: Equation) -> set[str]:
    """Return every name, dotted or plain, on the right side of an equation."""
    return {
        ast.unparse(node)
        for node in ast.walk(equation.right)
        if isinstance(node, ast.Name | ast.Attribute)
    }
