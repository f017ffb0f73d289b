"""Promises about `store worker` as a process: it starts, shows life, and ends in order."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from store.clock import SystemClock
from store.database import db
from store.jobs.leases import living_workers

pytestmark = pytest.mark.slow

PROGRAM = "from store.cli.worker import worker; worker()"


def the_environment(data_dir: Path, database_url: str) -> dict[str, str]:
    return os.environ | {
        "STORE_SECRET_KEY": "a secret key of a test, long enough",
        "STORE_DATA_DIR": str(data_dir),
        "STORE_DATABASE_URL": database_url,
        "STORE_MAIL_FROM": "shop@example.org",
        "STORE_NEWSROOM_EMAIL": "tips@example.org",
        "STORE_STRIPE_KEY": "sk_test_of_a_test",
        "STORE_STRIPE_WEBHOOK_SECRETS": "whsec_of_a_test",
        "STORE_STRIPE_API_BASE": "http://localhost:9",
        "STORE_PUBLIC_URL": "http://localhost",
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_ends_in_order_when_it_is_told_to(
    app: Flask, tmp_path: Path, database_url: str, number: signal.Signals
) -> None:
    environment = the_environment(tmp_path, database_url)
    command = [sys.executable, "-c", PROGRAM, "--while-stdin-is-open"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        deadline = time.monotonic() + 60
        while living_workers(SystemClock()) == 0 and time.monotonic() < deadline:
            db.session.rollback()
            time.sleep(0.1)

        process.send_signal(number)

        assert process.wait(45) == 0
    db.session.rollback()
    assert living_workers(SystemClock()) == 0
