"""The assert statement that raised an AssertionError: its source, and the values of the names in it."""

import ast
import linecache
from dataclasses import dataclass
from types import FrameType, FunctionType, TracebackType

from svcproof.model.probe import Lookup, Seen
from svcproof.plugin.comparison import Comparison
from svcproof.wait.predicates import expectation


@dataclass(frozen=True, slots=True)
class AssertStatement:
    """A statement in the frame that executed it. Nothing of it is evaluated again: a probe would be another one."""

    node: ast.Assert
    frame: FrameType

    @property
    def source(self) -> str:
        """The condition, as it is written."""
        return ast.unparse(self.node.test)

    @property
    def words(self) -> str:
        """The docstring of the one property or predicate that it is about; empty for any other condition."""
        match self.node.test:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                question = getattr(type(self._value(name)), attribute, None)
                getter = question.fget if isinstance(question, property) else None
                return expectation(getter) if getter and getter.__annotations__.get("return") is bool else ""
            case ast.Call(func=ast.Name(id=name), args=[ast.Name()], keywords=[]):
                predicate = self._value(name)
                return expectation(predicate) if isinstance(predicate, FunctionType) and predicate.__doc__ else ""
        return ""

    @property
    def probed(self) -> tuple[Seen | Lookup, ...]:
        """The observations and lookups that it names."""
        names = dict.fromkeys(node.id for node in ast.walk(self.node.test) if isinstance(node, ast.Name))
        values = map(self.frame.f_locals.get, names)
        return tuple(value for value in values if isinstance(value, Seen | Lookup))

    def ordered(self, comparison: Comparison) -> Comparison:
        """The comparison that it made, with a constant on the right: that is what was expected, never what was seen."""
        match self.node.test:
            case ast.Compare(left=ast.Constant(), ops=[ast.In()]):
                return Comparison("has", comparison.right, comparison.left)
            case ast.Compare(left=ast.Constant(), ops=[ast.NotIn()]):
                return Comparison("has not", comparison.right, comparison.left)
        return comparison

    def _value(self, name: str) -> object:
        return self.frame.f_locals.get(name, self.frame.f_globals.get(name))


def assert_statement(error: AssertionError) -> AssertStatement | None:
    """The statement that raised an error; None if no assert did, or its source is not there."""
    trace = _innermost(error.__traceback__)
    if trace is None:
        return None
    lines = linecache.getlines(trace.tb_frame.f_code.co_filename, trace.tb_frame.f_globals)
    for node in ast.walk(ast.parse("".join(lines))):
        if isinstance(node, ast.Assert) and node.lineno == trace.tb_lineno:
            return AssertStatement(node, trace.tb_frame)
    return None


def _innermost(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace
