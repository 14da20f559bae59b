"""The Report that is exported: with every check and its verdict, which ``read`` leaves out unless asked."""

from __future__ import annotations

from dataclasses import replace

from gongkai import checks
from gongkai.report import Report


class ExportError(ValueError):
    """An export that cannot be made; says what to do."""


def checked(report: Report) -> Report:
    """``report`` with ``checks.results``; where they are missing the checks are applied again to what the Report holds.

    Raises :class:`ExportError` if that does not give the counts that the Report states (it was made by another version).
    """
    if report.checks.results is not None:
        return report
    again = checks.run(
        report.forms,
        report.mentions,
        report.sections,
        kind=report.kind,
        fiscal_year=report.fiscal_year,
        entity=report.entity,
        all_checks=True,
    ).checks
    if replace(again, results=None) != report.checks:
        raise ExportError(
            "报告没有列出每一项核对，现在的版本也算不出同样的结果；请用 gongkai read --all-checks 重新读取。"
        )
    return replace(report, checks=again)
