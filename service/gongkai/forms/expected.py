"""Forms that the report promises and that are not among those recognised: named in its contents, or said in the text to be attached.

``elsewhere`` when the report itself says so (详见附件, 附后, 另行公开) and none of the tables in question was given; otherwise, everything
given having been read, ``missing``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Protocol

from gongkai.bodies import ENDING
from gongkai.forms.definitions import Catalogue
from gongkai.forms.definitions import load as load_definitions
from gongkai.report import Form, Kind, Section
from gongkai.text import normalise, strip_quotes

ALIKE = 0.75  # SequenceMatcher ratio from which two titles of no known form are one
_ATTACHED = re.compile(
    r"详?见.{0,6}附[件表录后]|附[件后]|另行公[开布]|另附|(?:表格|报表|公开表).{0,4}(?:详?见|附)|具体.{0,8}(?:附后|见附)|见.{0,4}(?:官网|网站|链接)"
)
_ATTACHED_TABLES = re.compile(
    r"详?见附表|(?:表格?|报表|公开表样?)(?:附后|详见附件|见附件)|附件.{0,4}(?:部门|单位)?(?:预算|决算)公开(?:表|报表)"
)
_NAMED = re.compile(r"[(《]?([\u4e00-\u9fff()]{2,30}?表)[》)]?[(]?(?:详见|见|附)(?:附件|附表|后)")
_CONTAINER = re.compile(r"(?:预算|决算)(?:公开)?(?:情况)?(?:报表|表格|表|附表)[^明]{0,6}$|^附表|公开表格?$")
_ALL_OF_THEM = re.compile(r"^(?:.*[^一-鿿])?.{0,30}?(?:部门|单位)(?:预算|决算)(?:信息)?公开(?:报|附)?表$")
_TABLE = re.compile(r"[^报列图代发]表(?:\([^()]*\))?$")
_NOTE = re.compile("(?:空表|报表|表格).{0,4}说明$")  # words about the tables among their titles
_LEAD = re.compile(
    rf"^(?:\d{{4}}年(?:度)?)?(?:.{{2,30}}?{ENDING}(?=(?:部门|单位|收|支|财政|一般|政府性|国有|三公)))?(?:部门|单位)?"
)

State = Literal["missing", "elsewhere"]


class Entry(Protocol):
    """An entry of the contents: ``level`` 1 to 4, ``title`` without its ``number``."""

    @property
    def level(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Promise:
    title: str
    form: str
    state: State
    by: Literal["toc", "text"]


def promised(
    entries: Sequence[Entry],
    sections: Sequence[Section],
    forms: Sequence[Form],
    kind: Kind | None,
    catalogue: Catalogue | None = None,
) -> tuple[Form, ...]:
    """The forms promised by the contents (``entries``, of all documents) or by the text and absent from ``forms``, in their order.

    ``forms`` are those recognised, unknown ones too. Ids go on where those of ``forms`` end.
    """
    known = catalogue or load_definitions()
    titles = tables_named(entries)
    absent = [
        (title, form) for title in titles if not _there(title, form := _form_of(title, kind, known), forms)
    ]
    some_given = len(absent) < len(titles) or any(form.form != "unknown" for form in forms)
    state: State = "elsewhere" if _said_elsewhere(sections, some_given) else "missing"
    found = [_Promise(title, form, state, "toc") for title, form in absent]
    if not titles and not some_given:
        found += _part_without_tables(sections, state)
    found += _named_in_text(sections, kind, known, forms, {promise.title for promise in found})
    counts = Counter(form.form for form in forms)
    result = []
    for promise in found:
        counts[promise.form] += 1
        identity = f"{promise.form}#{counts[promise.form]}"
        result.append(
            Form(
                id=identity,
                form=promise.form,
                title=promise.title,
                state=promise.state,
                expected_by=promise.by,
            )
        )
    return tuple(result)


def tables_named(entries: Sequence[Entry]) -> list[str]:
    """The titles of tables in a contents: what stands under 部门决算表 (whatever it is called), and what is called 表."""
    found: list[tuple[str, str]] = []
    alone: list[tuple[str, str]] = []
    container: int | None = None
    for index, entry in enumerate(entries):
        plain = strip_quotes(normalise(entry.title)).rstrip("。.:")
        deeper = index + 1 < len(entries) and entries[index + 1].level > entry.level
        if container is not None and entry.level > container:
            if not _NOTE.search(plain):
                found.append((entry.number, _bare(entry.title)))
        elif deeper and _CONTAINER.search(plain):
            container = entry.level
        else:
            container = None
            if entry.level > 1 and _TABLE.search(plain) and not _ALL_OF_THEM.search(plain):
                alone.append((entry.number, _bare(entry.title)))
                found.append(alone[-1])
    listed = {_core(title) for number, title in found if (number, title) not in alone}
    return [
        title
        for number, title in dict.fromkeys(found)  # the contents of two files of one report name the same
        if (number, title) not in alone or _core(title) not in listed  # so does a section about a table
    ]


def _bare(title: str) -> str:
    """Without its closing mark, and the marks of a title (《…》)."""
    return re.sub(r"^《([^《》]*)》$", r"\1", title.rstrip("。. "))


def _form_of(title: str, kind: Kind | None, catalogue: Catalogue) -> str:
    """The form that a title names; titles of a contents may leave out the 表 at their end."""
    plain = strip_quotes(normalise(title))
    for attempt in (
        plain,
        *(
            plain + end
            for end in ("表", "支出表", "预算支出表", "预算表")
            if not _TABLE.search(plain) and not _NOTE.search(plain)
        ),
    ):
        for match in catalogue.by_title(attempt, kind):
            if match.leftover_is_plain:
                return match.definition.form
    return "unknown"


def _there(title: str, form: str, forms: Sequence[Form]) -> bool:
    if form != "unknown" and any(other.form == form for other in forms):
        return True
    core = _core(title)
    return any(
        core == (other := _core(one.title))
        or SequenceMatcher(None, core, other, autojunk=False).ratio() >= ALIKE
        for one in forms
    )


def _core(title: str) -> str:
    return _LEAD.sub("", strip_quotes(normalise(title)))


def _said_elsewhere(sections: Sequence[Section], some_given: bool) -> bool:
    """Does the text say that the tables stand in another file? Then none of them is here."""
    if some_given:
        return False
    tables = [section for section in sections if section.kind == "part_tables"]
    if any(_ATTACHED.search(normalise(section.title + section.text)) for section in tables):
        return True
    return not tables and any(_ATTACHED_TABLES.search(normalise(section.text)) for section in sections)


def _part_without_tables(sections: Sequence[Section], state: State) -> Iterable[_Promise]:
    """No contents, and a part for the tables in which none stands: they are promised as a whole, by its title."""
    for section in sections:
        if section.kind == "part_tables":
            yield _Promise(section.title, "unknown", state, "text")


def _named_in_text(
    sections: Sequence[Section],
    kind: Kind | None,
    catalogue: Catalogue,
    forms: Sequence[Form],
    already: set[str],
) -> Iterable[_Promise]:
    """Single tables said to be attached: 自评表详见附件1."""
    for section in sections:
        if section.kind == "part_tables":
            continue
        for found in _NAMED.finditer(normalise(section.text)):
            title = found[1].lstrip("(").rpartition("的")[2]
            form = _form_of(title, kind, catalogue)
            if form != "unknown" and title not in already and not any(one.form == form for one in forms):
                already.add(title)
                yield _Promise(title, form, "elsewhere", "text")
