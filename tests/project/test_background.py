"""What a handler begins and never waits for, in Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.project.background import COROUTINE, EXECUTOR, PROCESS, TASK, THREAD, unawaited
from tests.project.test_link import project

HEAD = """\
import asyncio
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
import boto3


def work(order=None):
    print(order)


def endless():
    while True:
        print("still here")


async def later(order=None):
    await asyncio.sleep(1)


"""


def kinds(tmp_path: Path, code: str) -> list[str]:
    made = project(tmp_path, {"app.py": HEAD + code})
    return [item.kind for handler in made.handlers for item in unawaited(handler)]


def handler(*lines: str) -> str:
    return "def lambda_handler(event, context):\n" + "".join(f"    {line}\n" for line in lines)


def coroutine(*lines: str) -> str:
    body = "async def main(event):\n" + "".join(f"    {line}\n" for line in lines)
    return body + handler("asyncio.run(main(event))")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["Thread(target=work).start()"], THREAD),
        (["t = threading.Thread(None, work)", "t.start()", "print(', '.join(event))"], THREAD),
        (["t = Thread(target=work, daemon=True)", "t.start()", "t.name"], THREAD),
        (["multiprocessing.Process(target=work).start()"], PROCESS),
        (["pool = ThreadPoolExecutor()", "pool.submit(work, event)"], EXECUTOR),
        (["ThreadPoolExecutor().map(work, event['orders'])"], EXECUTOR),
    ],
)
def test_dropped(tmp_path: Path, lines: list[str], kind: str) -> None:
    assert kinds(tmp_path, handler(*lines)) == [kind]


@pytest.mark.parametrize(
    "lines",
    [
        ["t = Thread(target=work)", "t.start()", "t.join()"],
        ["t = Thread(target=work)", "t.start()", "return t"],
        ["t = Thread(target=work)", "t.start()", "keep(t)"],
        ["Thread(target=work).start()", "for t in threading.enumerate():", "    t.join()"],
        ["ready = threading.Event()", "Thread(target=work, args=(ready,)).start()", "ready.wait()"],
        ["Thread(target=endless).start()"],
        ["Thread(target=event['what']).start()"],
        ["threading.Timer(1, work).start()"],
        ["Thread(target=work)"],
        ["with ThreadPoolExecutor() as pool:", "    pool.submit(work, event)"],
        ["pool = ThreadPoolExecutor()", "with pool:", "    pool.submit(work, event)"],
        ["pool = ThreadPoolExecutor()", "pool.submit(work, event)", "pool.shutdown()"],
        ["pool = ThreadPoolExecutor()", "list(pool.map(work, event['orders']))"],
        ["pool = ThreadPoolExecutor()", "return pool.submit(work, event)"],
        ["pool = pool_of(event)", "pool.submit(work, event)"],
    ],
)
def test_looked_after(tmp_path: Path, lines: list[str]) -> None:
    assert kinds(tmp_path, handler(*lines)) == []


def test_init_is_another_matter(tmp_path: Path) -> None:
    assert kinds(tmp_path, "Thread(target=work).start()\n" + handler("return event")) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("asyncio.create_task(later(event))", TASK),
        ("asyncio.ensure_future(later(event))", TASK),
        ("asyncio.gather(later(event), later(event))", TASK),
        ("asyncio.get_event_loop().create_task(later())", TASK),
        ("asyncio.get_running_loop().run_in_executor(None, work)", TASK),
        ("later(event)", COROUTINE),
        ("asyncio.sleep(1)", COROUTINE),
        ("asyncio.to_thread(work)", COROUTINE),
    ],
)
def test_dropped_in_coroutine(tmp_path: Path, line: str, kind: str) -> None:
    assert kinds(tmp_path, coroutine(line)) == [kind]


@pytest.mark.parametrize(
    "lines",
    [
        ["await asyncio.gather(later(event))"],
        ["task = asyncio.create_task(later(event))", "await task"],
        ["asyncio.create_task(later(event))", "await asyncio.gather(*asyncio.all_tasks())"],
        ["async with asyncio.TaskGroup() as group:", "    group.create_task(later())"],
        ["await later(event)", "unknown.later(event)"],
        ["queue = asyncio.Queue()", "asyncio.create_task(later(queue))", "await queue.get()"],
    ],
)
def test_awaited(tmp_path: Path, lines: list[str]) -> None:
    assert kinds(tmp_path, coroutine(*lines)) == []


def test_decorators_may_run_it(tmp_path: Path) -> None:
    code = "from asgiref.sync import async_to_sync\n@async_to_sync\nasync def saved(order):\n    print(order)\n"
    assert kinds(tmp_path, code + coroutine("saved(event)")) == []


def test_async_clients(tmp_path: Path) -> None:
    code = "import aioboto3\nsession = aioboto3.Session()\n"
    lines = ["async with session.client('sqs') as sqs:", "    sqs.purge_queue(QueueUrl='q')"]
    assert kinds(tmp_path, code + coroutine(*lines)) == [COROUTINE]
