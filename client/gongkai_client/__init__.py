"""A client of the Gongkai service: PDF in, typed Report out. It shares no code with the service and needs no PDF library."""

from gongkai_client.answers import (
    Batch,
    BatchFile,
    Change,
    Delivery,
    Job,
    NotReady,
    Problem,
    Progress,
    Summary,
    Webhook,
)
from gongkai_client.client import AsyncGongkai, Gongkai
from gongkai_client.report import Report
from gongkai_client.webhooks import BadSignature, verified

__all__ = [
    "AsyncGongkai",
    "BadSignature",
    "Batch",
    "BatchFile",
    "Change",
    "Delivery",
    "Gongkai",
    "Job",
    "NotReady",
    "Problem",
    "Progress",
    "Report",
    "Summary",
    "Webhook",
    "verified",
]
