"""The embedded Postgres: a real server under the data folder, started by whoever needs it first."""

from app.infra.postgres.server import Server, ensure_running

__all__ = ["Server", "ensure_running"]
