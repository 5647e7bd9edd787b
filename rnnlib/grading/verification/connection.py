"""The sockets between the grader and one kernel: few messages at a time, and none too large.

A message that is too large never enters this process: its connection is cut, and that is told.
"""

from __future__ import annotations

from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

Message = dict[str, Any]

LARGEST = 8_000_000
"""Bytes of one message above which it does not enter this process: the connection is cut."""

WAITING = 16
"""Messages that wait unread in this process; further ones wait in the kernel's."""

GLANCE = 0.25
"""Seconds between two looks at whether the kernel is still there."""


class Connection:
    """The channels of one kernel.

    Attributes:
        client: What sends requests.
    """

    def __init__(self, manager: KernelManager) -> None:
        """Connect to the kernel of a manager."""
        self.client = BlockingKernelClient(**manager.get_connection_info(session=True))
        context = self.client.context
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST)
        context.setsockopt(zmq.RCVHWM, WAITING)
        context.setsockopt(zmq.LINGER, 0)
        self.client.start_channels(hb=False)
        self._channels: dict[Any, str] = {
            getattr(self.client, f"{name}_channel").socket: name
            for name in ("shell", "iopub", "stdin")
        }
        self._iopub = self.client.iopub_channel.socket
        self._monitor = self._iopub.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._channels[self._monitor] = "cut"
        self._poller = zmq.Poller()
        for socket in self._channels:
            self._poller.register(socket, zmq.POLLIN)

    def receive(self, seconds: float) -> list[tuple[str, list[bytes]]]:
        """What has come by now: one message a channel, with the channel's name.

        Waits a moment at most. The channel "cut" says that the one for outputs has been cut.
        """
        events = self._poller.poll(int(1000 * min(GLANCE, max(0.001, seconds))))
        return [(self._channels[socket], socket.recv_multipart()) for socket, _ in events]

    def read(self, frames: list[bytes], request: str) -> Message | None:
        """A message that belongs to the request; None if it does not, or is none at all."""
        try:
            _, parts = self.client.session.feed_identities(frames)
            message: Message = self.client.session.deserialize(parts)
            if message["parent_header"]["msg_id"] == request and isinstance(
                message["content"], dict
            ):
                return message
        except Exception:  # whatever a student's code may send
            return None
        return None

    def close(self) -> None:
        """Leave the sockets, and with them whatever was on its way."""
        self._iopub.disable_monitor()
        self._monitor.close()
        self.client.stop_channels()
        self.client.context.destroy(linger=0)
