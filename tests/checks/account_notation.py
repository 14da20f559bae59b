"""A small notation for accounts in tests, so that a case reads like the table it stands for::

    income_expenditure_summary 元
                     amount
    general_budget   90.00
    total_income     90.00

A block is a form: its name and unit, its measures, then one row a line: canonical line (or code) and what is printed.
``.`` is an empty cell; a line ``note …`` stands under the table; ``form grid`` is followed by the rows of a table without figures. ``90.00!`` was read with doubt. A line or measure that begins with ``?`` is one that no definition
knows; ``x`` is a cell that is not there; ``27=total_income`` is a row with a printed 行次. ``form 元 nil`` is an empty form;
``form missing`` is one that the contents promise.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import get_args

from gongkai import money
from gongkai.checks import Outcome, run
from gongkai.checks.naming import line_name, measure_name
from gongkai.forms import definitions
from gongkai.report import Figure, Finding, Form, Grid, GridCell, Source, Unit


def forms(text: str) -> list[Form]:
    """The forms that ``text`` writes down, in its order; the n-th stands on page n."""
    blocks = [block for block in dedent(text).strip("\n").split("\n\n") if block.strip()]
    made: list[Form] = []
    for page, block in enumerate(blocks, start=1):
        head, *body = [line for line in block.splitlines() if line.strip()]
        name, *words = head.split()
        number = 1 + sum(form.form == name for form in made)
        made.append(_form(f"{name}#{number}", name, words, body, page))
    return made


def _form(identity: str, name: str, words: list[str], body: list[str], page: int) -> Form:
    unit = next((word for word in words if word in get_args(Unit)), None)
    state = next((word for word in words if word in ("nil", "missing", "elsewhere")), "present")
    figures: list[Figure] = []
    notes = tuple(line.strip()[5:] for line in body if line.strip().startswith("note "))
    body = [line for line in body if not line.strip().startswith("note ")]
    if "grid" in words:
        return replace(_form(identity, name, [], [], page), grid=_grid(body, page))
    measures = body[0].split() if body else []
    for line in body[1:]:
        row, *cells = line.split()
        assert len(cells) == len(measures), line
        figures.extend(
            _figure(identity, name, row, measure, cell, unit, page)
            for measure, cell in zip(measures, cells, strict=True)
            if cell != "x"
        )
    return Form(
        id=identity,
        form=name,
        title=definitions.load().forms[name].name if name in definitions.load().forms else name,
        unit=unit,
        document="0" * 64 if state != "missing" else None,
        pages=(page,),
        state=state,  # type: ignore[arg-type]
        expected_by="toc" if state in ("missing", "elsewhere") else "none",
        figures=tuple(figures),
        notes=notes,
    )


def _grid(body: list[str], page: int) -> Grid:
    source = Source("0" * 64, page, (0.0, 0.0, 1.0, 1.0))
    rows = [line.split() for line in body]
    cells = tuple(
        GridCell(row=r, column=c, row_span=1, column_span=1, text=text, source=source)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Grid(rows=len(rows), columns=max(map(len, rows)), cells=cells)


def _figure(form: str, name: str, row: str, measure: str, cell: str, unit: str | None, page: int) -> Figure:
    known = not row.startswith("?")
    number, _, label = row.lstrip("?").rpartition("=")
    key = _key(name, label, number)
    doubtful = cell.endswith("!")
    return money.read(
        "" if cell == "." else cell.rstrip("!"),
        id=f"{form}/{key}/{measure}",
        row_key=key,
        row_label=_label(name, label) if known else label,
        line=label if known else None,
        col_key=measure.lstrip("?"),
        col_label=measure_name(name, measure.lstrip("?")),
        measure=None if measure.startswith("?") else measure,
        unit=unit,  # type: ignore[arg-type]
        quantity="count" if unit == "辆" else "money",
        source=Source("0" * 64, page, (0.0, 0.0, 10.0, 10.0)),
        grade="check" if doubtful else "sure",
        confidence=0.8 if doubtful else 1.0,
    )


def _label(form: str, line: str) -> str:
    """What the row is called; a code without its digits, which stand before it in any message."""
    name = line_name(form, line) if line != "data" else ""
    return name.partition(" ")[2] or ("某科目" if line.isdigit() else name)


def _key(name: str, line: str, number: str) -> str:
    definition = definitions.load().forms.get(name)
    if definition is None or "two_sided" not in definition.layouts:
        return f"line:{number}" if number else line
    found = definition.line(line)
    lane = (
        found.lane
        if found is not None
        else next((rows.lane for rows in definition.rows if rows.holds(line)), None)
    )
    return f"{lane or 'income'}:{number or line}"


def with_cell(text: str, where: str, printed: str) -> str:
    """``text`` with another amount in the cell ``FORM LINE MEASURE``; the cell must be there and differ."""
    name, line, measure = where.split()
    blocks = dedent(text).strip("\n").split("\n\n")
    number = next(i for i, block in enumerate(blocks) if block.split()[0] == name)
    rows = blocks[number].splitlines()
    column = 1 + rows[1].split().index(measure)
    found = next(i for i, row in enumerate(rows) if i > 1 and row.split()[0] == line)
    cells = rows[found].split()
    assert cells[column] not in (printed, "x"), where
    cells[column] = printed
    rows[found] = " ".join(cells)
    blocks[number] = "\n".join(rows)
    return "\n\n".join(blocks)


def without(text: str, *names: str) -> str:
    """``text`` without these forms."""
    blocks = dedent(text).strip("\n").split("\n\n")
    return "\n\n".join(block for block in blocks if block.split()[0] not in names)


def check(
    text: str, *, kind: str = "final_account", year: int | None = 2022, strict: bool = False
) -> Outcome:
    """All checks of the account that ``text`` writes down, with every result."""
    return run(forms(text), kind=kind, fiscal_year=year, all_checks=True, strict=strict)  # type: ignore[arg-type]


def verdicts(outcome: Outcome, code: str) -> set[str]:
    """The verdicts of ``code`` that say something: not applicable only when nothing else was found."""
    found = {result.verdict for result in outcome.checks.results or () if result.code == code}
    return found - {"not_applicable"} or found


def all_findings(outcome: Outcome) -> list[Finding]:
    """The findings and what stands under them."""
    return [each for finding in outcome.findings for each in (finding, *finding.children)]
