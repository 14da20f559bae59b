"""Webhooks: sends what is due, from threads of each process that takes part; any number of them share the work."""

from __future__ import annotations

import json
import logging
import threading
import time

import httpcore2

from gongkai import feed
from gongkai.metrics import Metrics
from gongkai.store import Store
from gongkai.webhooks import door, ledger

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds between two looks for something due
PATIENCE = 1.0  # seconds for what is being sent
THREADS = 4  # so that one slow receiver holds up nobody else


class Deliverer:
    """Runs until :meth:`close`; what it was at is sent again by another, so a receiver may get a delivery twice (same id)."""

    def __init__(self, store: Store, metrics: Metrics, *, allow_private: bool) -> None:
        self._store, self._metrics, self._allow_private = store, metrics, allow_private
        self._stop = threading.Event()
        self._looking = threading.Lock()  # one looks, the others send or wait for their turn
        self._threads = [
            threading.Thread(target=self._run, name="webhooks", daemon=True) for _ in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop after the deliveries at hand, or leave them to others."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=PATIENCE)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if due := self._next():
                    answer, delivered = self._send(due)
                    with self._store.begin() as connection:
                        status = ledger.record(connection, due.delivery, answer, delivered=delivered)
                    self._metrics.delivered("again" if status == "pending" else status)
            except Exception:
                log.warning("webhooks could not be sent", exc_info=True)
                self._stop.wait(LOOK)

    def _next(self) -> ledger.Due | None:
        """The next delivery that is due; waits for one, if need be until the end."""
        with self._looking:
            while not self._stop.is_set():
                with self._store.begin() as connection:
                    due = ledger.take(connection)
                if due is not None:
                    return due
                self._stop.wait(LOOK)
        return None

    def _send(self, due: ledger.Due) -> tuple[str, bool]:
        timestamp = int(time.time())
        change = feed.Change(**due.change)
        event = {"type": f"report.{change.change}", "data": feed.event(change)}
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "gongkai",
            "webhook-id": due.delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": door.signature(due.webhook.secret, due.delivery.id, timestamp, body),
        }
        try:
            status = door.post(due.webhook.url, body, headers, allow_private=self._allow_private)
        except door.Forbidden as error:
            return str(error), False
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError) as error:
            return type(error).__name__, False
        except Exception as error:  # a try like any other, or it would be tried for ever
            log.warning("a webhook could not be sent", exc_info=True)
            return type(error).__name__, False
        return str(status), 200 <= status < 300
