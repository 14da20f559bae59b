"""What the living do for the dead: their jobs are taken up again, and what is old is thrown away."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

from dbos import DBOSClient

from gongkai.jobs import executors
from gongkai.store import Enqueue, Job, Store

log = logging.getLogger(__name__)

QUEUE = "reports"
WAITING = ("ENQUEUED", "PENDING", "DELAYED")
OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
HISTORY = 3600.0  # seconds for which the engine's own notes on a finished job are kept
MANY = 500


def workflow_id(job: Job) -> str:
    """What the engine calls the work on this run of ``job``."""
    return f"{job.id}-{job.run}"


def sweep(store: Store, client: DBOSClient, enqueue: Enqueue) -> None:
    """One round; only one process of all does it at a time."""
    with executors.sweeping(store) as living:
        if living is not None:
            resume_orphans(client, living)
            restart_lost(store, client, enqueue)


def tidy(store: Store, client: DBOSClient, retention_days: int) -> None:
    """Delete what is past its time: jobs by the setting, the engine's notes after an hour. One process of all at a time."""
    with executors.sweeping(store) as living:
        if living is not None:
            store.expire(retention_days)
            while forget(client):
                pass


def resume_orphans(client: DBOSClient, living: dict[str, int]) -> None:
    """Queue again what a dead process worked on."""
    pending = client.list_workflows(status="PENDING", load_input=False, load_output=False)
    orphans = [each.workflow_id for each in pending if each.executor_id not in living]
    if orphans:
        log.warning("%d jobs of dead processes are taken up again", len(orphans))
        client.resume_workflows(orphans, queue_name=QUEUE)


def restart_lost(store: Store, client: DBOSClient, enqueue: Enqueue) -> None:
    """Give a new run to jobs that are to be done and that the engine does not know, or holds for finished (the database failed, or
    the process died, at the wrong moment)."""
    unfinished = {workflow_id(job): job for job in store.unfinished(MANY)}
    if not unfinished:
        return
    known = client.list_workflows(workflow_ids=list(unfinished), load_input=False, load_output=False)
    held = {each.workflow_id for each in known if each.status in WAITING}
    for lost in unfinished.keys() - held:
        store.again(unfinished[lost], enqueue)


def forget(client: DBOSClient) -> bool:
    """Delete some of the engine's notes on jobs that were finished an hour ago; whether there were any."""
    before = datetime.fromtimestamp(time.time() - HISTORY, UTC).isoformat()
    old = client.list_workflows(
        status=OVER, completed_before=before, limit=MANY, load_input=False, load_output=False
    )
    if old:
        client.delete_workflows([each.workflow_id for each in old])
    return bool(old)
