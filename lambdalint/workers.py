"""Work in several processes: children are forked, so that they have all that has been read, and send back bytes.

Only Linux has it: elsewhere forking is not safe, or not there. Children end with their parent: it stops them whatever
ends it, and if it is killed itself, they see that before their next task.
"""

from __future__ import annotations

import os
import selectors
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence

MAX_TASKS = 4_000
"""Tasks wait in a pipe, which holds so many on all systems."""

MAX_PROCESSES = 8
"""More take memory; and where a container may use few cores, all of the machine's are told."""

_HEADER = struct.Struct("<IQ")
_TASK = struct.Struct("<I")


def count() -> int:
    """How many processes may work at once; 1 where there is no forking."""
    return min(len(os.sched_getaffinity(0)), MAX_PROCESSES) if sys.platform == "linux" else 1


def run(tasks: int, work: Callable[[int], bytes], processes: int) -> Iterator[tuple[int, bytes]]:
    """Does tasks, which are numbered, in some processes; gives number and result as they come.

    The result of a task is missing where its process ended too early. Raises OSError where no process can be started.
    """
    queue, filling = os.pipe()
    for task in range(min(tasks, MAX_TASKS)):
        os.write(filling, _TASK.pack(task))
    os.close(filling)
    children: dict[int, int] = {}
    parent = os.getpid()
    try:
        for _ in range(min(processes, tasks)):
            ours, theirs = os.pipe()
            try:
                child = os.fork()
            except OSError:
                os.close(ours)
                os.close(theirs)
                if not children:
                    raise
                break  # there are as many as there may be
            if child == 0:
                for other in (ours, *children):
                    os.close(other)
                _be_child(parent, queue, theirs, tasks, work)
            os.close(theirs)
            children[ours] = child
        yield from _results(list(children))
    finally:
        os.close(queue)
        for ours, child in children.items():
            os.close(ours)
            _stop(child)


def _be_child(parent: int, queue: int, out: int, tasks: int, work: Callable[[int], bytes]) -> None:
    """What a child does; it never returns."""
    status = 1
    try:
        while task := os.read(queue, _TASK.size):
            for number in range(_TASK.unpack(task)[0], tasks, MAX_TASKS):
                if os.getppid() != parent:
                    return
                data = work(number)
                _write(out, _HEADER.pack(number, len(data)))
                _write(out, data)
        status = 0
    except BaseException:  # an interrupt, or a parent that is gone: the parent says what there is to say
        status = 1
    finally:
        os._exit(status)


def _write(out: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(out, view) :]


def _results(pipes: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The results that come through some pipes, until all are closed."""
    received = {pipe: bytearray() for pipe in pipes}
    with selectors.DefaultSelector() as selector:
        for pipe in pipes:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                data = os.read(key.fd, 1 << 20)
                if not data:
                    selector.unregister(key.fd)
                received[key.fd] += data
                yield from _complete(received[key.fd])


def _complete(buffer: bytearray) -> Iterator[tuple[int, bytes]]:
    """The results that a buffer holds completely; they are taken out of it."""
    while len(buffer) >= _HEADER.size:
        number, size = _HEADER.unpack_from(buffer)
        end = _HEADER.size + size
        if len(buffer) < end:
            return
        yield number, bytes(buffer[_HEADER.size : end])
        del buffer[:end]


def _stop(child: int) -> None:
    """Ends a child, if it has not ended, and waits for it."""
    try:
        done, _ = os.waitpid(child, os.WNOHANG)
        if done == 0:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    except (ChildProcessError, ProcessLookupError):
        pass
