"""A Frictionless Data Package (zip): the five tables as CSV with their Table Schema, fiscal annotations and a codebook.

The annotations are those of Fiscal Data Package 0.3: which columns are amounts, in which currency and phase, and which columns
are dimensions (administrator, classification, date, phase).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gongkai.export import csv_files
from gongkai.export.columns import PRECISION, Column, tables
from gongkai.export.docs import codebook
from gongkai.files import whole
from gongkai.report import Report

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same reports give the same bytes
TITLES = {
    "documents": "文件", "figures": "表内数字", "mentions": "正文陈述", "findings": "问题", "checks": "核对",
}  # fmt: skip


def write(reports: Iterable[Report], path: Path) -> None:
    """The package of ``reports`` at ``path``, whole."""
    with TemporaryDirectory() as made, whole(path) as part:
        folder = Path(made)
        csv_files.write_plain(reports, folder)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            about = json.dumps(descriptor(folder), ensure_ascii=False, indent=2)
            _add(archive, "datapackage.json", about.encode())
            _add(archive, "README.md", "\n".join(codebook()).encode())
            for name in csv_files.names():
                _add(archive, name, (folder / name).read_bytes())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def descriptor(folder: Path) -> dict[str, Any]:
    """``datapackage.json`` for the CSV files in ``folder``."""
    return {
        "profile": "tabular-data-package",
        "name": "gongkai-reports",
        "title": "部门预算、部门决算公开数据",
        "description": "由 Gongkai 从公开的 PDF 中读出的数字、陈述、问题与核对。",
        "countryCode": "CN",
        "keywords": ["部门决算", "部门预算", "open-budget"],
        "resources": [_resource(name, columns, folder) for name, columns in tables().items()],
        "model": _model(),
    }


def _resource(name: str, columns: Sequence[Column], folder: Path) -> dict[str, Any]:
    data = (folder / f"{name}.csv").read_bytes()
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": TITLES[name],
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n"},
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "schema": {
            "fields": [_field(column) for column in columns],
            "missingValues": [""],
            "primaryKey": [column.name for column in columns if column.key],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    kind = "integer" if column.type == "integer" else "number" if column.type in PRECISION else "string"
    constraints: dict[str, Any] = {"required": True} if column.key else {}
    return {
        "name": column.name,
        "type": kind,
        "title": column.title,
        "description": f"Report: {column.origin}",
    } | ({"constraints": constraints} if constraints else {})


def _model() -> dict[str, Any]:
    """Fiscal Data Package: measures and dimensions of ``figures``."""

    def dimension(kind: str, key: str, *others: str) -> dict[str, Any]:
        attributes = {name: {"source": name, "resource": "figures"} for name in (key, *others)}
        return {"dimensionType": kind, "primaryKey": key, "attributes": attributes}

    return {
        "measures": {
            "amount": {"source": "amount_yuan", "resource": "figures", "currency": "CNY", "factor": 1},
        },
        "dimensions": {
            "date": dimension("datetime", "fiscal_year"),
            "administrator": dimension("entity", "agency_name", "agency_code", "usci", "mof_div_code"),
            "phase": dimension("other", "phase"),
            "fund": dimension("classification", "fund"),
            "kind": dimension("classification", "kind"),
            "functional": dimension("classification", "exp_func_code", "exp_func_name", "class_year"),
            "economic": dimension("classification", "dep_exp_eco_code", "dep_exp_eco_name", "class_year"),
            "economic-government": dimension(
                "classification", "gov_exp_eco_code", "gov_exp_eco_name", "class_year"
            ),
            "form": dimension("other", "form_name", "line_name", "measure_name"),
        },
    }
