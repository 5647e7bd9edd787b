"""`make lab` serves the whole course: lectures and problem sets."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def lab(tmp_path):
    """The address that `make lab HEADLESS=1` prints."""
    if not (ROOT / ".venv/.installed").exists() or shutil.which("make") is None:
        pytest.skip("needs make, and a .venv that it has made: run the tests with `make test`")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "lab.log"
    private = {"JUPYTER_CONFIG_DIR": tmp_path / "config", "JUPYTER_RUNTIME_DIR": tmp_path / "run"}
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "lab", "HEADLESS=1", f"PORT={port}"],
            cwd=ROOT,
            env=os.environ | {name: str(path) for name, path in private.items()},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield wait_for_address(process, log, port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for_address(process, log, port):
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        found = re.search(rf"http://127\.0\.0\.1:{port}(\S*)\?token=(\w+)", log.read_text())
        if found:
            return f"http://127.0.0.1:{port}", found[1], found[2]
        time.sleep(0.2)
    pytest.fail(f"make lab did not start:\n{log.read_text()[-2000:]}")


def test_the_lecture_opens_and_the_problem_sets_are_there(lab):
    url, page, token = lab
    assert page == "/lab/tree/lectures/02_forward_propagation.ipynb"
    request = urllib.request.Request(
        f"{url}/api/contents/exercises", headers={"Authorization": f"token {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        names = [entry["name"] for entry in json.load(answer)["content"]]
    assert "ps2_bptt" in names
