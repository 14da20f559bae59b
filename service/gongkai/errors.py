"""Ways a document is refused: one class each, with its problem type, HTTP status, exit code and the way out.

A refusal means that this document cannot be processed at all. It is never an ``Issue`` (something was not read, and
reading went on) and never a ``Finding`` (the accounts disagree with themselves). Texts are Chinese, for officers.
"""

from __future__ import annotations

from typing import Any, ClassVar

TYPE_PREFIX = "urn:gongkai:problem:"


class Refusal(Exception):
    """The root of all refusals; never raised itself.

    ``happened`` replaces the class's sentence about what is wrong (say what was measured: ``文件共 900 页，上限为 600 页。``);
    the way out is always the class's own. ``file_name`` is the base name of the file that is meant.
    """

    type: ClassVar[str]
    status: ClassVar[int]
    exit_code: ClassVar[int]
    title: ClassVar[str]
    happened: ClassVar[str]
    way_out: ClassVar[str]

    def __init__(self, happened: str | None = None, *, file_name: str | None = None) -> None:
        self.what = happened or self.happened
        self.file_name = file_name
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """What is wrong, then what to do about it."""
        return f"{self.what}{self.way_out}"

    def problem(self) -> dict[str, Any]:
        """The refusal as an RFC 9457 problem object (JSON values only)."""
        problem: dict[str, Any] = {
            "type": TYPE_PREFIX + self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return problem if self.file_name is None else {**problem, "file_name": self.file_name}

    def wire(self) -> dict[str, str | None]:
        """The refusal as plain values, for :func:`from_wire` in another process."""
        return {"type": self.type, "happened": self.what, "file_name": self.file_name}


class NotPdf(Refusal):
    type, status, exit_code, title = "not_pdf", 415, 10, "不是 PDF 文件"
    happened = "文件内容不是 PDF。"
    way_out = "请上传部门公开时发布的 PDF 原件；Word、Excel、网页或图片请先另存为 PDF，只改扩展名无效。"


class Empty(Refusal):
    type, status, exit_code, title = "empty", 400, 11, "文件为空"
    happened = "文件没有任何内容。"
    way_out = "请重新下载或重新导出后再提交。"


class Encrypted(Refusal):
    type, status, exit_code, title = "encrypted", 422, 12, "文件已加密"
    happened = "文件需要密码才能打开。"
    way_out = "请去掉打开密码后再提交。"


class Damaged(Refusal):
    """The bytes begin like a PDF but cannot be opened, or hold no page."""

    type, status, exit_code, title = "damaged", 422, 13, "文件已损坏"
    happened = "文件是 PDF，但无法打开或没有任何页面。"
    way_out = "请重新下载；仍然打不开时，请用 PDF 阅读器打开后“打印为 PDF”，再提交新文件。"


class TooManyPages(Refusal):
    type, status, exit_code, title = "too_many_pages", 422, 14, "页数过多"
    happened = "页数超过上限。"
    way_out = "请按单位拆分后分别提交，或请管理员调高 GONGKAI_MAX_PAGES。"

    def __init__(self, pages: int, limit: int, *, file_name: str | None = None) -> None:
        super().__init__(f"共 {pages} 页，超过上限 {limit} 页。", file_name=file_name)


class TimedOut(Refusal):
    type, status, exit_code, title = "timed_out", 422, 15, "处理超时"
    happened = "处理时间超过上限，已停止。"
    way_out = "请将文件“打印为 PDF”后重试，或拆分后分别提交；其他文件不受影响。"


class OutOfMemory(Refusal):
    type, status, exit_code, title = "out_of_memory", 422, 16, "处理所需内存过大"
    happened = "处理所需内存超过上限，已停止。"
    way_out = "请将文件“打印为 PDF”后重试，或拆分后分别提交；其他文件不受影响。"


class Crashed(Refusal):
    type, status, exit_code, title = "crashed", 422, 17, "处理中断"
    happened = "处理该文件的进程意外退出。"
    way_out = "请将文件“打印为 PDF”后重试；仍然失败时，请把文件交给维护人员。其他文件不受影响。"


class TooLarge(Refusal):
    type, status, exit_code, title = "too_large", 413, 18, "文件过大"
    happened = "上传内容超过大小上限。"
    way_out = "请压缩图片或拆分后再提交，或请管理员调高 GONGKAI_MAX_UPLOAD_BYTES。"

    def __init__(self, limit: int, *, file_name: str | None = None) -> None:
        super().__init__(f"上传内容超过 {limit / 1024**2:g} MiB 的上限。", file_name=file_name)


class Busy(Refusal):
    type, status, exit_code, title = "busy", 429, 19, "系统繁忙"
    happened = "排队的文件已达上限。"
    way_out = "请稍后重试；本次提交没有被处理。"


REFUSALS: dict[str, type[Refusal]] = {cls.type: cls for cls in Refusal.__subclasses__()}


def from_wire(values: dict[str, Any]) -> Refusal:
    """The refusal that :meth:`Refusal.wire` described; an unknown type is a :class:`Crashed`."""
    cls = REFUSALS.get(str(values.get("type")), Crashed)
    refusal = cls.__new__(cls)  # the constructors of some take measurements; the sentence is already made
    Refusal.__init__(refusal, values.get("happened"), file_name=values.get("file_name"))
    return refusal
