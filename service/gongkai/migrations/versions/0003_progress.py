"""How far the reading of a job is, and which request it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for name, kind in (
        ("pages", sa.Integer()),
        ("pages_read", sa.Integer()),
        ("request", sa.String(64)),
        ("traceparent", sa.String(64)),
    ):
        op.add_column("jobs", sa.Column(name, kind))
