"""The server's configuration file and its rules of entry, written anew at every start."""

import stat
from collections.abc import Mapping
from pathlib import Path

RULES_OF_ENTRY = (
    "# Written at every start. Only the private socket, only with a password.\nlocal all all scram-sha-256\n"
)

FIXED: dict[str, str] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_senders": "0",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.english",
    # What people wrote must never reach the log. An error's text and detail quote values, so the errors of
    # clients stay out of it altogether; what happens to the server itself stays in.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_connections": "",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # One file a weekday, each overwritten a week later.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}


def configuration(socket_dir: Path, own: Mapping[str, str]) -> str:
    """The text of postgresql.conf."""
    values = FIXED | {
        "unix_socket_directories": str(socket_dir),
        "dynamic_shared_memory_type": shared_memory(),
    }
    lines = [f"{name} = {quoted(value)}" for name, value in (values | dict(own)).items()]
    head = "# Written at every start; put your own settings into local.conf beside it.\n"
    return head + "\n".join(lines) + "\ninclude_if_exists = 'local.conf'\n"


def quoted(value: str) -> str:
    """A value as a literal of SQL or of the configuration file."""
    return "'" + value.replace("'", "''") + "'"


def shared_memory(place: Path = Path("/dev/shm")) -> str:  # noqa: S108 -- asked about, not written to
    """The kind that whoever runs the server can have: not always we, since a server does not run as root."""
    is_for_all = place.is_dir() and place.stat().st_mode & stat.S_IWOTH
    return "posix" if is_for_all else "mmap"
