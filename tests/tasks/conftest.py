import socket

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """No task may ask the network for anything."""

    def refuse(self, address):
        raise AssertionError(f"a task opens a connection to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
