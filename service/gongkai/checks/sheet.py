"""One form's figures, indexed once: by (line, measure) wherever they stand, and by printed row and column."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from gongkai.checks.said import Printed
from gongkai.forms.definitions import ITEM
from gongkai.report import Figure, Form

Parents = Callable[[str, str], tuple[str, ...]]
"""(form, line) -> the lines that it may be a part of; the first that is printed is its parent."""


class Row:
    """A printed row: its figures by column, where a column is its measure, or ``@`` and its key if it has none."""

    __slots__ = ("cells", "doubled", "key", "label", "line")

    def __init__(self, key: str, line: str | None, label: str) -> None:
        self.key, self.line, self.label = key, line, label
        self.cells: dict[str, Figure] = {}
        self.doubled: set[str] = set()

    def put(self, column: str, figure: Figure) -> None:
        if column in self.cells:
            self.doubled.add(column)
        self.cells[column] = figure

    @property
    def lane(self) -> str:
        """``income`` or ``expenditure`` in a two-sided form, else empty."""
        head, mark, _ = self.key.partition(":")
        return head if mark else ""


class Sheet:
    """A form ready for checks. ``lines`` gathers what is printed of a line: a line that stands on several printed rows
    (a form printed as rows) is one row here, and a column that several of them fill is ``doubled``: nobody can say which.
    """

    __slots__ = ("_parents", "_tree", "_whole", "columns", "form", "lines", "rows")

    def __init__(self, form: Form, parents: Parents) -> None:
        self.form = form
        self._parents = parents
        self.rows: dict[str, Row] = {}
        self.lines: dict[str, Row] = {}
        self.columns: set[str] = set()
        self._tree: dict[str, list[str]] | None = None
        self._whole: list[Row] | None = None
        for figure in form.figures:
            row = self.rows.get(figure.row_key)
            if row is None:
                row = self.rows[figure.row_key] = Row(figure.row_key, figure.line, figure.row_label)
                if figure.line is not None:
                    self.lines[figure.line] = self._gathered(figure.line, row)
            column = figure.measure or "@" + figure.col_key
            row.put(column, figure)
            self.columns.add(column)
            whole = self.lines.get(figure.line) if figure.line is not None else None
            if whole is not None and whole is not row:
                whole.put(column, figure)

    def _gathered(self, line: str, row: Row) -> Row:
        """The row that stands for ``line`` when ``row`` is its first or one more printing."""
        first = self.lines.get(line)
        if first is None or first.key == "":
            return first or row
        whole = Row("", line, first.label)
        for column, figure in first.cells.items():
            whole.put(column, figure)
        return whole

    def owns(self, row: Row) -> bool:
        """Whether the row is one of this sheet's."""
        return self.rows.get(row.key) is row or (row.line is not None and self.lines.get(row.line) is row)

    def whole_rows(self) -> list[Row]:
        """The rows to check one by one: as printed, but a line that is printed as several rows is one."""
        if self._whole is not None:
            return self._whole
        found: list[Row] = []
        for row in self.rows.values():
            whole = self.lines.get(row.line, row) if row.line is not None else row
            whole = row if whole.doubled else whole
            if not any(whole is other for other in found[-1:]):
                found.append(whole)
        self._whole = found
        return found

    def classes(self, classification: str) -> list[str]:
        """The codes of the functional (``functions``: 2…) or economic (``economics``) classification without printed parent."""
        below = {part for line, parts in self.tree.items() if line.isdigit() for part in parts}
        functional = classification == "functions"
        return [
            line
            for line in self.lines
            if line.isdigit() and line not in below and line.startswith("2") == functional
        ]

    def parts(self, line: str) -> list[str]:
        """The printed lines that are direct parts of ``line``, in printed order; for a code the codes below it."""
        return self.tree.get(line, [])

    @property
    def tree(self) -> dict[str, list[str]]:
        """Each line that has parts among the printed lines -> its direct parts."""
        if self._tree is None:
            self._tree = {}
            for line in self.lines:
                for parent in self._parents(self.form.form, line):
                    if parent in self.lines:
                        self._tree.setdefault(parent, []).append(line)
                        break
        return self._tree

    @property
    def details(self) -> dict[str, list[Row]]:
        """Key of a row -> the rows directly below it, in tables whose rows are named by a path (``货物A/设备购置费``).

        A row that is printed twice has no details: nobody can say which of the two they belong to.
        """
        found: dict[str, list[Row]] = {}
        twice = {key.partition("#")[0] for key in self.rows if "#" in key}
        for key, row in self.rows.items():
            steps = key.split("/")
            above = ("/".join(steps[:n]) for n in range(len(steps) - 1, 0, -1))
            parent = next((each for each in above if each in self.rows), None)
            if parent is not None and parent not in twice:
                found.setdefault(parent, []).append(row)
        return found

    def listed(self) -> list[Row]:
        """The rows of a plain list, each named by as many labels (a body and its project); none if they may be of several levels."""
        found = [row for row in self.rows.values() if row.line == ITEM]
        depths = {row.key.count("/") for row in found}
        return found if len(depths) == 1 and 0 not in depths else []

    def odd_codes(self) -> bool:
        """Whether a code is not of 3, 5 or 7 digits or is printed twice, so that the hierarchy cannot be trusted."""
        return any(
            line.isdigit() and (row.doubled or len(line) not in (3, 5, 7)) for line, row in self.lines.items()
        )

    def leaves(self, line: str) -> int:
        """How many rows that carry an amount stand under ``line`` with nothing printed below them; at least 1."""
        return max(1, sum(self.leaves(part) for part in self.parts(line) if self.carries(part)))

    def carries(self, line: str) -> bool:
        row = self.lines.get(line)
        return row is not None and any(figure.value is not None for figure in row.cells.values())

    def strangers(self, column: str, lane: str, *, listed: bool) -> list[Row]:
        """Rows of that lane that no definition knows and that carry an amount in ``column``; details of other rows aside.

        Rows of a list are such too, unless the sum is that of the list.
        """
        strange = (None,) if listed else (None, ITEM)
        below = {row.key for rows in self.details.values() for row in rows}
        return [
            row
            for row in self.rows.values()
            if row.line in strange
            and row.key not in below
            and row.lane == lane
            and column in row.cells
            and row.cells[column].value
        ]

    def strange_columns(self, row: Row) -> list[Figure]:
        """Money of this row that stands in a column which no definition knows."""
        return [
            figure
            for column, figure in row.cells.items()
            if column[0] == "@" and figure.quantity == "money" and figure.value
        ]


def amount(figure: Printed) -> Decimal:
    """What the figure adds to a sum: 元 for money whose unit is printed, else the printed value; blank adds 0."""
    if figure.yuan is not None:
        return figure.yuan
    return figure.value if figure.value is not None else Decimal(0)


def quantum(figure: Printed) -> Decimal:
    """One unit of the last printed digit, in the measure of :func:`amount`; 0 for a dash, which has no digits."""
    if figure.yuan is not None:
        return figure.quantum_yuan or Decimal(0)
    exponent = figure.value.as_tuple().exponent if figure.value is not None else 0
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
