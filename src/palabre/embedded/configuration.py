"""postgresql.conf of the embedded server, for one small machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MIB = 1024 * 1024


def configuration(cluster_name: str, sockets: Path, overrides: Mapping[str, str]) -> str:
    """The text of palabre.conf, written anew at each start; `overrides` come last and win."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    lines = {
        "cluster_name": cluster_name,
        # No port is opened: the only way in is a socket in a folder closed to other accounts.
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        # A 16th of the memory: 64 MB on a computer of 1 GB. The system's own cache does the rest.
        "shared_buffers": f"{min(max(memory // 16, 64), 256)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        # An acknowledged answer survives a power cut: this one is never traded for speed.
        "fsync": "on",
        "synchronous_commit": "on",
        # Packing pages costs the processor that two web workers and the server share; a crash replays more
        # for it, within the bound below.
        "wal_compression": "off",
        # Bounds what crash recovery has to replay, so that a start after kill -9 takes seconds.
        "max_wal_size": "1GB",
        "checkpoint_timeout": "5min",
        # Tasks and leases change often; waiting for a fifth of a large table would leave it bloated.
        "autovacuum_naptime": "15s",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "autovacuum_vacuum_insert_scale_factor": "0.1",
        "autovacuum_max_workers": "2",
        # Short statements: compiling them costs more than it gives. Few cores: no helper processes at rest.
        "jit": "off",
        "max_parallel_workers_per_gather": "1",
        "max_worker_processes": "4",
        "io_method": "sync",
        "random_page_cost": "1.1",
        # A transaction forgotten open would hold back vacuum and locks for ever.
        "idle_in_transaction_session_timeout": "5min",
        "timezone": "UTC",
        # Seven files, one for each day of the week, each written anew: the log cannot fill the disk.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "day-%u.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_timezone": "UTC",
        # Values of rows are personal data; the log gets neither them nor the statements that hold them.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_checkpoints": "off",
    }
    return "".join(f"{name} = '{_quoted(value)}'\n" for name, value in {**lines, **overrides}.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
