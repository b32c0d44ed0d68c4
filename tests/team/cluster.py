"""A PostgreSQL of the tests' own, in a temporary folder, on a loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.in_memory import folder

ADMIN = "owner"
_VERSIONS = Path("/usr/lib/postgresql")


def programs():
    """The folder of the newest installed version's programs."""
    found = sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    assert on_path, "PostgreSQL is missing: apt-get install --no-install-recommends postgresql"
    return Path(on_path).parent


class Cluster:
    """A running server; every user's password is "secret-" and the name."""

    def __init__(self, *, tls: bool = False, connections: int = 60) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="groqchat-pg-", dir=folder()))
        self.data = self.folder / "data"
        self.port = free_port()
        self._bin = programs()
        self._prefix = _as_another_user(self.folder)
        self._tls = tls
        self._is_running = False
        password = self.folder / "password"
        password.write_text(f"secret-{ADMIN}")
        password.chmod(0o644)
        self._call(
            "initdb", "-D", self.data, "-U", ADMIN, "--auth=scram-sha-256", "--no-sync",
            f"--pwfile={password}", "-E", "UTF8", "--locale=C",
        )  # fmt: skip
        self._configure(connections)
        self._cleaner = self._cleaning()
        self.start()

    def _cleaning(self):
        """A process that removes the server where the tests are killed before they do so."""
        stop = f"'{self._bin}/pg_ctl' -D '{self.data}' -m immediate stop; rm -rf '{self.folder}'"
        command = [*self._prefix, "sh", "-c", f"cat; {stop}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, cwd="/", start_new_session=True, **quiet
        )

    def _configure(self, connections):
        lines = [
            f"port = {self.port}", "listen_addresses = '127.0.0.1'", "fsync = off",
            f"unix_socket_directories = '{self.folder}'", "shared_buffers = 8MB",
            "full_page_writes = off", f"max_connections = {connections}",
        ]  # fmt: skip
        if self._tls:
            self._call(
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                "-subj", "/CN=db.test", "-addext", "subjectAltName=DNS:db.test",
                "-keyout", self.folder / "server.key", "-out", self.folder / "server.crt",
            )  # fmt: skip
            lines += ["ssl = on", f"ssl_key_file = '{self.folder}/server.key'"]
            lines += [f"ssl_cert_file = '{self.folder}/server.crt'"]
        text = "\n".join(lines)
        self._call("sh", "-c", f'cat >> "{self.data}/postgresql.conf"', piped=text.encode())

    def start(self):
        """Start the server, and wait until it takes connections."""
        self._call("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "start")
        self._is_running = True

    def kill(self):
        """End the server at once, as a power cut would."""
        self._call("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        self._is_running = False

    def stop(self):
        """End the server and remove all of it."""
        if self._is_running:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._cleaner.kill()
        self._cleaner.communicate()

    def url(self, user=ADMIN, database="postgres", host="127.0.0.1", port=None):
        return f"postgresql://{user}@{host}:{port or self.port}/{database}"

    def connect(self, user=ADMIN, database="postgres"):
        """A connection that is not groqchat's."""
        import psycopg

        return psycopg.connect(self.url(user, database), password=f"secret-{user}", autocommit=True)

    def add_users(self, *names):
        with self.connect() as connection:
            for name in names:
                connection.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'secret-{name}'")

    def database(self, name):
        """An empty database; returns its name."""
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return name

    def _call(self, program, *arguments, piped=None):
        path = self._bin / program
        command = [*self._prefix, str(path if path.exists() else program), *map(str, arguments)]
        with (self.folder / "said").open("w+") as said:  # a pipe would stay open in the server
            how = {"input": piped, "stdout": said, "stderr": said, "cwd": "/"}
            done = subprocess.run(command, check=False, **how)
            said.seek(0)
            assert done.returncode == 0, f"{command}: {said.read()}"


def _as_another_user(folder):
    """What stands before commands, where the tests are root, as whom the server does not run."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
