"""A PostgreSQL server of one's own: in a temporary folder, on a socket, for nobody else."""

import os
import pwd
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres", "createdb")

USERS = ("postgres", "nobody")
"""The server refuses to run as root; then it runs as the first of these there is."""


def binaries():
    """The folder of its programs; None where PostgreSQL is not installed."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *map(Path, os.get_exec_path())]
    complete = (place for place in places if all((place / p).exists() for p in PROGRAMS))
    return next(complete, None)


@contextmanager
def server(programs):
    """A running server; gives a function that makes a new database and returns its URL."""
    user = pwd.getpwuid(os.getuid()).pw_name
    identity = {}
    if os.getuid() == 0:
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = next(names[name] for name in USERS if name in names)
        user = entry.pw_name
        identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as scratch:
        if identity:
            os.chown(scratch, identity["user"], identity["group"])
        data = Path(scratch, "data")

        def run(program, *arguments):
            subprocess.run(
                [programs / program, *map(str, arguments)],
                check=True,
                stdout=subprocess.DEVNULL,  # pg_ctl's child keeps a pipe open for ever
                stderr=subprocess.DEVNULL,
                cwd=scratch,
                **identity,
            )

        def database(name):
            run("createdb", "--host", scratch, name)
            return f"postgresql+psycopg://{user}@/{name}?host={scratch}"

        run("initdb", "--pgdata", data, "--auth", "trust", "--no-sync", "--encoding", "UTF8")
        options = f"-k {scratch} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "start", "--wait", "--pgdata", data, "--options", options)
        try:
            yield database
        finally:
            run("pg_ctl", "stop", "--mode", "immediate", "--pgdata", data)
