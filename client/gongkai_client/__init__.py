"""A client of the Gongkai service: PDF in, typed Report out. It shares no code with the service and needs no PDF library."""

from gongkai_client.client import Change, Gongkai, Job, Problem
from gongkai_client.report import Report
from gongkai_client.webhooks import BadSignature, verified

__all__ = ["BadSignature", "Change", "Gongkai", "Job", "Problem", "Report", "verified"]
