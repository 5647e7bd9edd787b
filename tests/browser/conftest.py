"""A real JupyterLab in a real Chromium, for tests that see what a student sees.

Fixtures, from the outside in: ``chromium`` (its path), ``browser``, ``page`` (a fresh context a
test), ``jupyterlab`` (one server a session, or a worker under xdist) and ``lab``, which joins the
last two::

    def test_something(lab):
        lab.write("demo.ipynb", ["print(6 * 7)"])       # or lab.copy(pathlib.Path("lectures/…"))
        lab.open_notebook("demo.ipynb")
        lab.run_all()
        assert lab.text_of_cell(0) == "42"
        lab.assert_quiet()                              # no console error, no other host
"""

from __future__ import annotations

import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

import rnnlib

SECONDS_TO_START = 60
SECONDS_FOR_A_NOTEBOOK = 120

# Asked of the user in a dialog, or of the network, by a JupyterLab that starts for the first time.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}

# What JupyterLab itself writes to the console as an error, with the reason why it is not ours.
KNOWN_NOISE: dict[str, str] = {}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser's path; skip without one, unless a browser is required."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        reason = "needs Debian's chromium: apt-get install chromium (or set CHROMIUM to its path)"
        required = os.environ.get("CI") or os.environ.get("RNNLIB_REQUIRE_BROWSER") == "1"
        (pytest.fail if required else pytest.skip)(reason)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    quiet = ("background-networking", "component-update", "sync", "gpu")
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    yield context.new_page()
    context.close()


@dataclass(frozen=True)
class JupyterLab:
    """A running server: its folder, its address and the token that opens it."""

    root: pathlib.Path
    url: str
    token: str

    def api(self, path: str, method: str = "GET", body: object = None) -> object:
        """Call the server's own HTTP interface and return the decoded answer."""
        request = urllib.request.Request(
            f"{self.url}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """Start JupyterLab on an empty folder, with nobody's settings, and take it down again."""
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "notebooks"
    root.mkdir()
    overrides = home / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(SETTINGS))
    private = {
        "PYTHONPATH": pathlib.Path(rnnlib.__file__).parents[
            1
        ],  # the kernels import what the tests do
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = JupyterLab(root, f"http://127.0.0.1:{port}", secrets.token_hex(16))
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "IdentityProvider.token": server.token,
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    log = home / "jupyterlab.log"
    with log.open("w") as output:
        environment = os.environ | {name: str(path) for name, path in private.items()}
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_it_answers(server, process, log)
        yield server
    finally:
        _end(process)


def _wait_until_it_answers(
    server: JupyterLab, process: subprocess.Popen[bytes], log: pathlib.Path
) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.api("api/status")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not start. The end of its log:\n{log.read_text()[-3000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the server to stop, its kernels with it, and kill what is left after ten seconds."""
    if process.poll() is None:
        family = [
            psutil.Process(process.pid),
            *psutil.Process(process.pid).children(recursive=True),
        ]
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=10)
        for survivor in alive:
            survivor.kill()
    process.wait()


@dataclass
class Lab:
    """A page that looks at a JupyterLab, and everything that the page complained about."""

    page: Page
    server: JupyterLab
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._requested)

    def write(self, path: str, cells: Sequence[str]) -> None:
        """Write a notebook of these code cells into the server's folder."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        target = self.server.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)

    def copy(self, source: pathlib.Path) -> str:
        """Copy a notebook into the server's folder and return its path there."""
        shutil.copy(source, self.server.root / source.name)
        return source.name

    def use_theme(self, name: str) -> None:
        """Choose the theme, such as "JupyterLab Dark", for what this test opens from now on."""
        setting = "lab/api/settings/@jupyterlab/apputils-extension:themes"
        self.server.api(setting, "PUT", {"raw": json.dumps({"theme": name})})

    def open_notebook(self, path: str) -> None:
        """Open a notebook in a fresh workspace and wait until its kernel is ready."""
        fresh = f"lab/workspaces/{secrets.token_hex(4)}/tree/{quote(path)}"
        self.page.goto(f"{self.server.url}/{fresh}?token={self.server.token}")
        self._wait_until_idle(SECONDS_TO_START)

    def run_all(self, seconds: float = SECONDS_FOR_A_NOTEBOOK) -> None:
        """Run every cell and wait for the last; a cell that raises fails the test."""
        ended = self.page.evaluate(
            """(seconds) => Promise.race([
                jupyterapp.commands.execute("notebook:run-all-cells").then(() => true),
                new Promise((late) => setTimeout(late, 1000 * seconds, false)),
            ])""",
            seconds,
        )
        raised = [
            "\n".join([f"{output['ename']}: {output['evalue']}", *output["traceback"]])
            for cell in self.cells()
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]
        assert not raised, raised[0]
        assert ended, f"the notebook still ran after {seconds} s"
        expect(self.page.locator(".jp-InputPrompt").filter(has_text="[*]")).to_have_count(0)
        self._wait_until_idle(seconds)

    def cells(self) -> list[dict[str, Any]]:
        """Return the notebook's cells as they are now in the page, outputs included."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.model.sharedModel.toJSON().cells")

    def text_of_cell(self, number: int) -> str:
        """Return what the cell at this place (0, 1, …) printed or returned as text."""
        return self.page.locator(".jp-Cell").nth(number).locator(".jp-Cell-outputArea").inner_text()

    def rerun_cell(self, number: int) -> str:
        """Run one cell again and return its text."""
        self.page.evaluate(
            """async (number) => {
                jupyterapp.shell.currentWidget.content.activeCellIndex = number;
                jupyterapp.shell.currentWidget.content.deselectAll();
                await jupyterapp.commands.execute("notebook:run-cell");
            }""",
            number,
        )
        self._wait_until_idle(SECONDS_FOR_A_NOTEBOOK)
        return self.text_of_cell(number).strip()

    def execute(self, code: str) -> None:
        """Run code in the notebook's kernel, in no cell."""
        self.page.evaluate(
            """(code) => jupyterapp.shell.currentWidget.sessionContext.session.kernel
                .requestExecute({ code }).done.then(() => null)""",
            code,
        )

    def assert_quiet(self) -> None:
        """Assert that the console shows no error and that no other host was asked for anything."""
        assert self.errors == []
        assert {urlsplit(url).hostname for url in self.requests} == {"127.0.0.1"}

    def close(self) -> None:
        """Leave the page without saving, end its kernels, return to the light theme."""
        self.page.goto("about:blank")
        self.use_theme("JupyterLab Light")
        for session in self.server.api("api/sessions"):
            self.server.api(f"api/sessions/{session['id']}", "DELETE")

    def _wait_until_idle(self, seconds: float) -> None:
        idle = """() => {
            const session = globalThis.jupyterapp?.shell.currentWidget?.sessionContext;
            return session?.isReady && session.session?.kernel?.status === "idle";
        }"""
        self.page.wait_for_function(idle, timeout=1000 * seconds)
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and not any(known in text for known in KNOWN_NOISE):
            self.errors.append(text)

    def _requested(self, request: Request) -> None:
        if request.url.startswith(("http:", "https:", "ws:", "wss:")):
            self.requests.append(request.url)


@pytest.fixture
def lab(page: Page, jupyterlab: JupyterLab) -> Iterator[Lab]:
    lab = Lab(page, jupyterlab)
    yield lab
    lab.close()
