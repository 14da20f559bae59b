"""What lists, metrics and the feed say of a Report, told by the child that made it: nobody parses a Report to learn it."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel

from gongkai.report import Finding, Report


class ToldFinding(BaseModel):
    """A finding without its words; the names are those of :class:`gongkai.report.Finding`."""

    code: str
    class_: str
    severity: str
    verdict: str

    @staticmethod
    def of(finding: Finding) -> ToldFinding:
        return ToldFinding(
            code=finding.code, class_=finding.class_, severity=finding.severity, verdict=finding.verdict
        )


class Told(BaseModel):
    """``sources`` counts pages by where their text came from, ``grades`` figures."""

    content_hash: str
    entity: str | None
    fiscal_year: int | None
    kind: str | None
    scope: str | None
    sources: dict[str, int]
    grades: dict[str, int]
    findings: tuple[ToldFinding, ...]

    @property
    def pages(self) -> int:
        """Of all documents."""
        return sum(self.sources.values())

    @staticmethod
    def of(report: Report) -> Told:
        return Told(
            content_hash=report.content_hash,
            entity=report.entity.name,
            fiscal_year=report.fiscal_year,
            kind=report.kind,
            scope=report.scope,
            sources=Counter(page.text_source for document in report.documents for page in document.pages),
            grades=Counter(figure.grade for form in report.forms for figure in form.figures),
            findings=tuple(map(ToldFinding.of, report.findings)),
        )
