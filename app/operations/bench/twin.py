"""The bare route that filing is held against: FastAPI, two workers, one row a request, and nothing else."""

import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, DateTime, Engine, MetaData, Table, Text, Uuid, create_engine, func, insert

from app.infra.db import POOL_SIZES, Door
from app.operations.serve import SIGNALS, WEB_PROCESSES, Crew

# As many threads as the application gives itself.
THREADS = 10
ROWS = Table(
    "rows",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


class Row(BaseModel):
    """What is sent."""

    text: str


class Kept(BaseModel):
    """What is answered, after the commit."""

    id: UUID


def twin_app(url: str) -> FastAPI:
    """The whole of it."""
    opened: list[Engine] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        opened.append(create_engine(url, pool_size=POOL_SIZES[Door.RESIDENT], max_overflow=0))
        yield
        opened[0].dispose()

    app = FastAPI(lifespan=lifespan)

    @app.post("/rows", status_code=201)
    def add_row(row: Row) -> Kept:
        key = uuid4()
        with opened[0].begin() as connection:
            connection.execute(insert(ROWS).values(id=key, text=row.text))
        return Kept(id=key)

    return app


def main(port: int, url: str) -> None:
    """Two workers on one socket, as `up` has them."""
    engine = create_engine(url)
    ROWS.metadata.create_all(engine)
    engine.dispose()
    crew = Crew()
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    with socket.create_server(("127.0.0.1", port)) as listening:
        for number in range(WEB_PROCESSES):
            crew.start(f"twin {number + 1}", lambda: _serve(url, listening))
        crew.watch(lambda: _announce(port))
        crew.end()


def _serve(url: str, listening: socket.socket) -> None:
    configuration = uvicorn.Config(
        twin_app(url),
        log_config=None,
        access_log=False,
        server_header=False,
        loop="uvloop",
        http="httptools",
        ws="none",
    )
    uvicorn.Server(configuration).run(sockets=[listening])


def _announce(port: int) -> bool:
    sys.stdout.write(f"ready http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]), os.environ["TWIN_DATABASE_URL"])
