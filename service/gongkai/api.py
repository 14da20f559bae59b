"""HTTP in, Report out; no logic. The addresses stand in :mod:`gongkai.web`, the interface in ``docs/http.md``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

import gongkai
from gongkai import openapi, problems
from gongkai.jobs import Jobs
from gongkai.jobs.following import Following
from gongkai.jobs.waiting import Waiting
from gongkai.settings import Settings
from gongkai.web import about, batches, events, hooks, lists, reports, views
from gongkai.web.headers import SafeHeaders
from gongkai.web.observed import Observed

TAKING_IN = 4  # uploads that are hashed and written at once: they wait for the disk in turn, and nobody else waits for them


def create_app(jobs: Jobs | None = None, *, keys_required: bool = True) -> FastAPI:
    """The HTTP service on ``jobs``; by default on those of the environment's settings, closed when the app shuts down.

    Without ``keys_required`` whoever reaches it by a loopback name is the client ``local``: for a loopback address alone.
    """
    limits = (jobs.settings if jobs else Settings.from_environment()).limits

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        own = None if jobs else await to_thread.run_sync(Jobs)
        app.state.jobs = jobs or own
        app.state.waiting = Waiting(app.state.jobs)
        app.state.following = Following(app.state.jobs)
        app.state.taking_in = CapacityLimiter(TAKING_IN)
        yield
        if own:
            await to_thread.run_sync(own.close)

    app = FastAPIOffline(  # its /docs loads nothing from elsewhere
        redoc_url=None,
        title="Gongkai",
        summary="Published budgets and final accounts as checked, traceable JSON",
        version=gongkai.__version__,
        lifespan=lifespan,
        telemetry={"metrics": False, "logs": False, "operation_spans": False, "auto_configure": False},
    )
    app.state.keys_required = keys_required
    app.add_middleware(problems.BodyLimit, most=limits.max_upload_bytes)
    app.add_middleware(problems.LastResort)
    app.add_middleware(SafeHeaders)
    app.add_middleware(Observed)
    problems.install(app)
    of_reports = reports.router(limits.max_upload_bytes, limits.max_files)
    of_batches = batches.router(limits.max_batch_files)
    for routes in (
        lists.routes,
        of_reports,
        of_batches,
        views.routes,
        events.routes,
        hooks.routes,
        about.routes,
    ):
        app.include_router(routes)
    openapi.install(app)
    return app
