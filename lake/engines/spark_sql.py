"""Ibis expressions in Spark's SQL, where its own compiler says something else than DuckDB's does. No Django here."""

import functools
import sys
import unicodedata
from typing import Any, ClassVar

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL, STAR
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

SOURCE = ibis.pyspark  # whose tables these are; asking for it sets the options that its compiler looks at
MOST_STATEMENTS = 500
EXACT_BELOW = 10**15  # a whole number below it is written with all of its digits by every engine


def statement(question: ir.Expr) -> str:
    """The SELECT that answers a question."""
    return _statement(question.op())


@functools.lru_cache(MOST_STATEMENTS)
def _statement(question: ops.Node) -> str:
    """Compiling takes longer than many an answer, and people ask the same again. The same question is an equal one."""
    compiler = _Compiler()
    return str(compiler.to_sqlglot(question.to_expr()).sql(dialect=compiler.dialect, copy=False))


class _Compiler(PySparkCompiler):  # type: ignore[misc]
    """Each method is one difference; the conformance tests hold them."""

    __slots__ = ()
    SIMPLE_OPS: ClassVar[dict[Any, Any]] = {}  # those of the class above are its methods already

    def visit_Lowercase(self, op: ops.Lowercase, *, arg: Any) -> Any:
        """Letter by letter: Spark makes two of "İ", and another letter of the "Σ" at the end of a word."""
        return self.f.lower(self.f.translate(arg, "İΣ", "iσ"))

    def visit_CountStar(self, op: ops.CountStar, *, arg: Any, where: Any) -> Any:
        """0 where there are no rows; the sum of ones would be null."""
        return self.f.count(STAR if where is None else self.if_(where, 1, NULL))

    def visit_Hash(self, op: ops.Hash, *, arg: Any) -> Any:
        """64 bits, of a struct those of its parts. Spark's function passes over nulls, also in lists."""
        parts = op.arg.values if isinstance(op.arg, ops.StructColumn) else (op.arg,)
        columns = [part.this for part in arg.expressions] if isinstance(arg, sge.Struct) else [arg]
        written = [
            self.f.to_json(column) if part.dtype.is_array() else column
            for part, column in zip(parts, columns, strict=True)
        ]
        return self.f.xxhash64(*(piece for column in written for piece in (column.is_(NULL), column)))

    def visit_Cast(self, op: ops.Cast, *, arg: Any, to: Any) -> Any:
        """As text, times tell their zone and whole numbers have all of their digits."""
        given, text = op.arg.dtype, super().visit_Cast(op, arg=arg, to=to)
        if to.is_string() and given.is_timestamp() and given.timezone:
            return self.f.concat(text, "+00")
        if to.is_string() and given.is_floating():
            whole = self.f.concat(self.cast(self.cast(arg, ibis.dtype("int64")), to), ".0")
            return self.if_(sge.and_(arg.eq(self.f.floor(arg)), self.f.abs(arg) < EXACT_BELOW), whole, text)
        return text

    def visit_ScalarUDF(self, op: ops.ScalarUDF, **arguments: Any) -> Any:
        """The functions of `lake.functions`."""
        return getattr(self, f"_{op.__func_name__}")(*arguments.values())

    def _timezone(self, zone: Any, moment: Any) -> Any:
        return self.cast(self.f.from_utc_timestamp(moment, zone), ibis.dtype("timestamp"))

    def _strip_accents(self, text: Any) -> Any:
        marked, plain = _marked()
        return self.f.translate(self.f.regexp_replace(text, r"\p{M}", ""), marked, plain)


@functools.cache
def _marked() -> tuple[str, str]:
    """The letters that are one letter and marks, and the letters that they are without these."""
    found = {}
    for code in range(0x80, sys.maxunicode):
        first, *rest = list(unicodedata.normalize("NFD", chr(code)))
        if rest and all(unicodedata.category(mark).startswith("M") for mark in rest):
            found[chr(code)] = first
    return "".join(found), "".join(found.values())
