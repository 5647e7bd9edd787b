"""rnnlib.grading.sandbox: what is said where there is no sandbox, and what the doctor finds."""

import subprocess

from rnnlib.grading.sandbox import bubblewrap, doctor
from rnnlib.grading.sandbox.masking import masked_copy


def test_the_doctor_looks_at_everything_and_says_what_to_do():
    findings = {finding.name: finding for finding in doctor()}
    assert {"Python", "nbgrader", "alembic", "bubblewrap", "a sandboxed kernel"} <= findings.keys()
    for finding in findings.values():
        assert finding.text
        assert finding.ok or finding.advice


def test_without_bubblewrap_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    assert "apt install bubblewrap" in bubblewrap.available.__wrapped__()


def test_where_user_namespaces_are_forbidden_it_says_how_to_allow_them(monkeypatch):
    refused = subprocess.CompletedProcess([], 1, "", "bwrap: setting up uid map: denied")
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(bubblewrap.subprocess, "run", lambda *a, **k: refused)
    reason = bubblewrap.available.__wrapped__()
    assert "setting up uid map: denied" in reason
    assert "sysctl" in reason


def test_the_masked_copy_has_names_and_docstrings_but_no_bodies(tmp_path):
    copy = masked_copy(("rnnlib.*backward*",), tmp_path)
    elman = (copy / "cells/elman.py").read_text()
    assert "def step_backward" in elman
    assert "From dh_t" in elman  # its docstring
    assert "xp.matmul(da, params.W, dstate)" not in elman
    assert "def transition" in elman
    assert "state_prev, W_T" in elman  # what is not withheld is as it was
    assert not list(copy.rglob("__pycache__"))
    assert not (copy / "grading/exercises").exists()
    assert not (copy / "grading/verification").exists()
