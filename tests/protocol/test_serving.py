"""The server through bad moments: processes killed, releases that go and come, requests of all
forms, a hostile working folder.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from support import (
    HANGING,
    ROOT,
    ask,
    copy_release,
    eventually,
    free_port,
    run,
    run_apart,
    served,
    serving,
)

from kg.settings import Limits
from kg.sparql import QueryClient, Request
from kg.sparql.supervisor import SERVING, Supervisor

LIGHT = "ASK { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PAGE = "/page/hongqiao-2021/indicator/8"
SMALL_PAGE = "/page/qinghe-2026/indicator/1"
CLOSE = b"Host: a\r\nConnection: close\r\n\r\n"


def send(address: str, query: str = LIGHT) -> int:
    return ask(f"{address}/sparql", query.encode(), Content_Type="application/sparql-query")[0]


def processes(server: psutil.Process) -> dict[str, list[psutil.Process]]:
    """The server's processes by kind; one that ends meanwhile is left out."""
    found: dict[str, list[psutil.Process]] = {"pool": [], "worker": [], "granian": [], "web": []}
    for child in server.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            kind = "granian" if "kg.web.server" in child.cmdline() else "pool"
            found[kind].append(child)
            for one in child.children():
                if kind == "pool":
                    found["worker"].append(one)
                elif any("spawn_main" in word for word in one.cmdline()):
                    found["web"].append(one)
    return found


def listening(server: psutil.Process) -> int:
    """How many web processes take connections, each on a socket of its own."""
    ends = (one.net_connections("tcp") for one in processes(server)["web"])
    return sum(any(end.status == psutil.CONN_LISTEN for end in own) for own in ends)


@contextlib.contextmanager
def load(address: str) -> Iterator[Counter[object]]:
    """Queries and pages asked for all the while; what became of them."""
    seen: Counter[object] = Counter()
    stop = threading.Event()

    def client(n: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            try:
                query = f"{LIGHT} # {n} {count}"
                seen[send(address, query) if n % 2 else ask(f"{address}{SMALL_PAGE}")[0]] += 1
            except OSError as error:
                seen[type(error).__name__] += 1
            stop.wait(0.05)

    clients = [threading.Thread(target=client, args=(n,)) for n in range(4)]
    for one in clients:
        one.start()
    try:
        yield seen
    finally:
        stop.set()
        for one in clients:
            one.join()


def test_what_cannot_be_served_is_told_in_one_line(own_small_release: Path, tmp_path: Path) -> None:
    """A package that is half there: the next process could not load it either."""
    broken = tmp_path / "pythonjsonlogger" / "__init__.py"
    broken.parent.mkdir()
    broken.write_text("raise ImportError('half of it is missing')\n")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    port = str(free_port())
    done = run_apart("serve", own_small_release, "--port", port, "--workers", "1", PYTHONPATH=path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "half of it is missing" in done.stderr


def test_a_process_that_is_killed_is_replaced(own_small_release: Path) -> None:
    with served(own_small_release, "--workers", "2") as (address, process):
        server = psutil.Process(process.pid)
        eventually(lambda: listening(server) == 2, "two web processes that take connections")
        # While one takes another's place there are more for a moment.
        whole = {kind: len(found) for kind, found in processes(server).items()}
        for kind in whole:
            # One alone that takes connections could not be killed without its port being closed.
            eventually(lambda: listening(server) == 2, "two web processes that take connections")
            eventually(lambda: _answers(address), f"it answers before a {kind} process is killed")
            failed = _failed_while_one_is_replaced(address, server, kind, whole)
            # each of four clients had at most one under way; one that starts others works on none
            assert sum(failed.values()) <= (4 if kind in ("worker", "web") else 0), (kind, failed)
            kinds = {503, "RemoteDisconnected", "ConnectionResetError", "URLError"}
            assert set(failed) <= kinds, (kind, failed)
        assert ask(f"{address}/readyz")[0] == 200


def _failed_while_one_is_replaced(
    address: str, server: psutil.Process, kind: str, whole: dict[str, int]
) -> dict[object, int]:
    """How requests failed while a process of a kind was killed and another took its place."""
    victim = processes(server)[kind][0]
    with load(address) as seen:
        eventually(lambda: seen[200] > 20, "requests before")
        victim.kill()
        victim.wait(HANGING)

        def healthy() -> bool:
            now = processes(server)
            return all(len(now[name]) >= whole[name] for name in now)

        eventually(healthy, f"the {kind} process is replaced")
        eventually(lambda: _answers(address), "it answers again")
    return {what: count for what, count in seen.items() if what != 200}


def test_processes_that_hang_are_replaced(own_small_release: Path) -> None:
    """A stopped process keeps its socket: clients would wait where nobody answers."""
    with served(own_small_release, "--workers", "2", PLANLINK_QUERY_SECONDS="2") as (
        address,
        process,
    ):
        server = psutil.Process(process.pid)
        eventually(lambda: listening(server) == 2, "two web processes that take connections")
        for one in processes(server)["worker"]:
            one.suspend()
        eventually(lambda: _answers(address), "workers that hang are replaced")
        hung = [processes(server)[kind][0] for kind in ("pool", "web", "granian")]
        for one in hung:
            one.suspend()
        for one in hung:
            one.wait(HANGING)
        eventually(lambda: listening(server) == 2, "two web processes again")
        eventually(lambda: _answers(address), "it answers again")


def test_a_process_that_the_system_refuses_for_a_while_is_started_later(
    own_small_release: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever thread keeps the pools goes on: under another WSGI server nothing would start it."""
    others = {*psutil.Process().children()}  # pools of other tests
    with contextlib.closing(Supervisor(own_small_release, tmp_path, Limits())) as keeper:
        eventually(lambda: keeper.look() or (tmp_path / SERVING).exists(), "a pool is there")
        client = QueryClient(tmp_path / SERVING / "socket", Limits())
        (pool,) = {*psutil.Process().children()} - others
        with monkeypatch.context() as refusing:
            refusing.setattr(subprocess, "Popen", refused)
            pool.kill()
            eventually(lambda: keeper.look() or caplog.records, "a process is refused")
        eventually(lambda: keeper.look() or client.ask(Request(LIGHT)).outcome == "ok", "another")


def refused(*_: object, **__: object) -> None:
    raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def test_processes_that_are_killed_leave_one_file_of_each_kind_of_figure(tmp_path: Path) -> None:
    """Twenty in turn, beside one that lives: each counts on where the one before it ended."""
    counting = """
import os, signal, sys
import prometheus_client

def count(end):
    from kg.web import metrics
    metrics.request("route", "200", 0.1)
    end(metrics)

def killed(_):
    os.kill(os.getpid(), signal.SIGKILL)

def child(end):
    if not (process := os.fork()):
        count(end)
    return process

told, tell = os.pipe()
living = child(lambda _: (os.write(tell, b"1"), signal.pause()))
os.read(told, 1)
for _ in range(20):
    os.waitpid(child(killed), 0)
os.kill(living, signal.SIGKILL)
count(lambda metrics: print(metrics.exposition()[0].decode()))
"""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", counting]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert 'planlink_requests_total{route="route",status="200"} 22.0' in done.stdout
    sizes = [path.stat().st_size for path in tmp_path.glob("*.db")]
    assert len(sizes) == 4 and max(sizes) < 200_000, "counters and histograms, of two at a time"


def _answers(address: str) -> bool:
    try:
        return send(address, f"{LIGHT} # {time.monotonic()}") == 200
    except OSError:
        return False


def test_a_server_that_is_killed_leaves_no_process_and_its_folder_to_the_next(
    own_small_release: Path, tmp_path: Path
) -> None:
    environment = {"TMPDIR": str(tmp_path)}
    with served(own_small_release, **environment) as (_, process):
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        _, alive = psutil.wait_procs(children, HANGING)
        assert alive == []
    left = list(tmp_path.glob("planlink-*"))
    os.utime(left[0], (0, 0))  # younger than a minute, it could be that of a server that starts
    with serving(own_small_release, **environment):
        now = list(tmp_path.glob("planlink-*"))
        assert len(left) == len(now) == 1
        assert left != now


def test_current_that_is_missing_for_a_moment_and_a_folder_that_is_made_anew(
    own_small_release: Path, small_copy: Path
) -> None:
    out, toml = own_small_release, small_copy / "plan.toml"
    with served(out) as (address, process):
        (out / "current").rename(out / "away")
        assert _all_answer(address)
        # The supervisor looks at its children and at what is current in one go.
        (pool,) = processes(psutil.Process(process.pid))["pool"]
        pool.kill()
        eventually(lambda: _another_than(pool, process), "the supervisor has looked")
        eventually(lambda: _answers(address), "it answers again")
        assert _all_answer(address)
        (out / "away").rename(out / "current")
        publish_again(small_copy, out)
        eventually(lambda: ask(f"{address}/healthz")[2] == b"ok release 2\n", "release 2")
        assert ask(f"{address}/plan/qinghe-2026")[0] == 200
        shutil.rmtree(out)
        text = toml.read_text(encoding="utf-8")
        toml.write_text(text.replace("qinghe-2026", "qinghe-again"), encoding="utf-8")
        assert run("publish", small_copy, "--out", out).returncode == 0
        eventually(lambda: ask(f"{address}/plan/qinghe-again")[0] == 200, "the new release")
        assert ask(f"{address}/plan/qinghe-2026")[0] == 404


def _all_answer(address: str) -> bool:
    """Whether a query, a page and the server's own check are answered."""
    return [send(address), ask(f"{address}{SMALL_PAGE}")[0], ask(f"{address}/readyz")[0]] == [
        200
    ] * 3


def _another_than(pool: psutil.Process, process: subprocess.Popen[bytes]) -> bool:
    """Whether a server has a pool, and that is not this one."""
    pools = processes(psutil.Process(process.pid))["pool"]
    return bool(pools) and pool not in pools


def publish_again(plan: Path, out: Path) -> None:
    """Release a plan once more, with another address to write to."""
    site = out.with_name("site.toml")
    site.write_text('[contact]\nemail = "data@example.org"\n', encoding="utf-8")
    done = run("publish", plan, "--out", out, "--site", site)
    assert done.returncode == 0, done.stderr


def test_a_release_that_cannot_be_opened(
    own_small_release: Path, small_plan: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is not served: a server that runs stays with the former one, a new one does not start. The
    last one has so much that each worker opens its store by itself."""
    out, second = own_small_release, copy_release(own_small_release, tmp_path / "second")
    publish_again(small_plan, second)
    logged = ""

    def refused(number: str) -> bool:
        nonlocal logged
        logged += capfd.readouterr().err
        return f"release {number} cannot be opened; the former one stays" in logged

    with serving(out) as address:
        for number, broken in (("2", "store"), ("3", "manifest.json"), ("4", "store")):
            folder = out / "releases" / number
            shutil.copytree(second / "releases" / "2", folder)
            if number == "4":
                manifest = json.loads((folder / "manifest.json").read_bytes())
                (folder / "manifest.json").write_text(json.dumps(manifest | {"triples": 10**6}))
            damaged = folder / broken
            shutil.rmtree(damaged) if damaged.is_dir() else damaged.write_text("{", "utf-8")
            link = out / "next"
            link.symlink_to(f"releases/{number}")
            link.replace(out / "current")
            eventually(lambda number=number: refused(number), "it is told in the log")
            assert ask(f"{address}/healthz")[2] == b"ok release 1\n"
            assert [send(address), ask(f"{address}/readyz")[0]] == [200, 200]
    for number in ("2", "3", "4"):
        link.symlink_to(f"releases/{number}")
        link.replace(out / "current")
        done = run_apart("serve", out, "--port", str(free_port()))
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_it_says_that_it_serves_and_imports_nothing_from_the_working_folder(
    own_small_release: Path, tmp_path: Path
) -> None:
    """At the lowest priority: workers that begin with it are not taken for those of long
    queries.
    """
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for name in ("server", "kg", "granian", "json"):
        text = f"open({str(hostile / 'imported')!r}, 'w').write('x')\nraise SystemExit(3)\n"
        (hostile / f"{name}.py").write_text(text, encoding="utf-8")
    port = free_port()
    program = Path(sys.executable).parent / "planlink"
    command = ["nice", "-n", "19", program, "serve", str(own_small_release), "--port", str(port)]
    process = subprocess.Popen([*command, "--workers", "1"], cwd=hostile, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        line = process.stderr.readline().decode()
        assert line == f"planlink: serving {own_small_release} at http://127.0.0.1:{port}\n"
        workers = processes(psutil.Process(process.pid))["worker"]
        assert [send(f"http://127.0.0.1:{port}", f"{LIGHT} # {i}") for i in range(20)] == [200] * 20
        # one that serves a client's connection is not counted as free: another is forked
        assert set(workers) <= set(processes(psutil.Process(process.pid))["worker"])
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(HANGING) == 0
    assert not (hostile / "imported").exists()


def _is_ready(port: int) -> bool:
    with contextlib.suppress(OSError):
        return ask(f"http://127.0.0.1:{port}/readyz")[0] == 200
    return False


# A filter of system calls (seccomp(2)) by which sched_setscheduler(2) is forbidden.
FORBIDDING = """
import ctypes, platform, runpy, struct, sys
number = {"x86_64": 144}.get(platform.machine(), 119)
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x50001), (0x06, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0 == libc.prctl(22, 2, program)
sys.argv = ["planlink", *sys.argv[1:]]
runpy.run_module("kg", run_name="__main__")
"""


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_a_system_that_takes_no_network_away_and_gives_no_class_of_priority(
    own_small_release: Path,
) -> None:
    """Neither a network namespace nor a user namespace can be made without the right to: it is
    said. A long query gets the lowest priority of the usual class."""
    port = free_port()
    command = [
        "setpriv",
        "--bounding-set=-sys_admin",
        "--inh-caps=-sys_admin",
        sys.executable,
        "-c",
    ]
    arguments = ["serve", str(own_small_release), "--port", str(port), "--workers", "1"]
    process = subprocess.Popen([*command, FORBIDDING, *arguments], cwd=ROOT, stderr=subprocess.PIPE)
    server = psutil.Process(process.pid)
    with contextlib.ExitStack() as stack:
        stack.callback(process.wait, HANGING)
        stack.callback(process.terminate)
        eventually(lambda: _is_ready(port), "it serves")
        said = ask(f"http://127.0.0.1:{port}/readyz")[2].decode()
        users = Path("/proc/sys/user/max_user_namespaces").read_text(encoding="ascii").strip()
        assert said.startswith("ready")
        if users == "0":
            assert "the network could not be taken away" in said
        query = "SELECT * { BIND('\\u0027 AS ?x) #' AS ?x) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }\n}"
        assert send(f"http://127.0.0.1:{port}", query) == 422
        with ThreadPoolExecutor(1) as apart:
            apart.submit(send, f"http://127.0.0.1:{port}", ENDLESS)
            eventually(lambda: lowest(server), "it gives way")[0].kill()


def lowest(server: psutil.Process) -> list[psutil.Process]:
    """The query workers of the lowest priority."""
    found = []
    for worker in processes(server)["worker"]:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [worker] if worker.nice() == 19 else []
    return found


def exchange(address: str, *segments: bytes) -> bytes:
    """What a server answers to bytes sent in so many segments, until it closes the connection."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection(
        (parts.hostname or "", parts.port or 80), timeout=HANGING
    ) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for segment in segments:
            client.sendall(segment)
        received = b""
        while part := client.recv(65536):
            received += part
    return received


@pytest.mark.parametrize(
    "segments",
    [
        [b"GET /healthz HTTP/1.0\r\n\r\n"],
        [b"GET /heal", b"thz HTTP/1.1\r\nHo", b"st: a\r\nConnection: close\r\n", b"\r\n"],
        [b"\r\nGET /healthz HTTP/1.1\r\n", CLOSE],
        [b"GET http://a/healthz HTTP/1.1\r\n", CLOSE],
    ],
    ids=["HTTP/1.0", "in pieces", "empty line", "absolute"],
)
def test_heads_that_are_read(server: str, segments: list[bytes]) -> None:
    head, _, body = exchange(server, *segments).partition(b"\r\n\r\n")
    assert head.split(b" ", 1)[1].startswith(b"200 ")
    assert body.startswith(b"ok release")


def test_requests_one_behind_the_other(server: str) -> None:
    """Answers come in the order of the requests, be the first the slower one (RFC 9112 §9.3.2)."""
    query = urllib.parse.quote("SELECT * { ?s ?p ?o } LIMIT 5000").encode()
    slow = b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    answers = exchange(server, slow + b"GET /healthz HTTP/1.1\r\n" + CLOSE)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.index(b'"bindings"') < answers.index(b"ok release")


def test_bodies_in_chunks_and_after_continue(server: str) -> None:
    head = b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\n"
    chunked = exchange(
        server,
        head + b"Transfer-Encoding: chunked\r\n" + CLOSE,
        b"5\r\nASK {\r\n",
        b"A\r\n ?s ?p ?o}\r\n0\r\n\r\n",
    )
    assert chunked.endswith(b'"boolean":true}')
    waits = b"Expect: 100-continue\r\nContent-Length: 15\r\n"
    assert exchange(server, head + waits + CLOSE, b"ASK { ?s ?p ?o}").endswith(b'"boolean":true}')


@pytest.mark.parametrize("upgrade", ["h2c", "websocket", "TLS/1.0"])
@pytest.mark.parametrize("form", [False, True])
def test_a_body_beside_an_upgrade_is_read(server: str, upgrade: str, form: bool) -> None:
    """Every Java client asks for h2c over plain HTTP; one that is not granted is not to be
    noticed.
    """
    parts = urllib.parse.urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=HANGING)
    settings = "AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA"
    headers = {
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": upgrade,
        "HTTP2-Settings": settings,
    }
    body = urllib.parse.urlencode({"query": LIGHT}) if form else LIGHT
    media_type = "application/x-www-form-urlencoded" if form else "application/sparql-query"
    connection.request("POST", "/sparql", body, headers | {"Content-Type": media_type})
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["boolean"]) == (200, True)


@pytest.fixture(scope="module")
def few_files(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that logs, started where few files may be open."""
    out = copy_release(small_release, tmp_path_factory.mktemp("logging") / "release")
    low, high = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as opened:
        resource.setrlimit(resource.RLIMIT_NOFILE, (150, high))
        try:
            address = opened.enter_context(serving(out, "--log"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (low, high))
        yield address


def test_more_connections_than_files_may_be_open_at_first(few_files: str) -> None:
    parts = urllib.parse.urlsplit(few_files)
    place = (parts.hostname, parts.port)
    with contextlib.ExitStack() as opened:
        for client in [
            opened.enter_context(socket.create_connection(place, timeout=HANGING))
            for _ in range(300)
        ]:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_a_page_answers_beside_two_thousand_idle_connections(few_files: str) -> None:
    parts = urllib.parse.urlsplit(few_files)
    low, high = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as opened:
        opened.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (low, high))
        resource.setrlimit(resource.RLIMIT_NOFILE, (high, high))
        for _ in range(min(2_000, high - 500)):
            place = (parts.hostname, parts.port)
            opened.enter_context(socket.create_connection(place, timeout=HANGING))
        assert ask(f"{few_files}/plan/qinghe-2026")[0] == 200


def test_a_client_that_goes_away_holds_nobody_up(server: str) -> None:
    parts = urllib.parse.urlsplit(server)
    for i in range(8):
        place = (parts.hostname or "", parts.port or 80)
        with socket.create_connection(place, timeout=HANGING) as client:
            query = urllib.parse.quote(f"SELECT * {{ ?s ?p ?o }} # {i}")
            client.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert send(server, f"{LIGHT} # after those that went away") == 200


def test_what_changes_each_time_is_not_kept(server: str) -> None:
    address = f"{server}/sparql?query={urllib.parse.quote('SELECT (UUID() AS ?u) {}')}&format=csv"
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: ask(address)[2], range(40)))
    assert len(answers) == 40, "workers share their random numbers"


def test_answers_that_come_again_are_kept_and_counted(few_files: str) -> None:
    query = urllib.parse.quote(LIGHT)
    first, again = (ask(f"{few_files}/sparql?query={query}", X_Request_ID=n) for n in ("1", "2"))
    assert (first[0], first[2]) == (again[0], again[2])
    assert (first[1]["X-Request-ID"], again[1]["X-Request-ID"]) == ("1", "2")
    assert first[1]["ETag"] == again[1]["ETag"]
    figures = ask(f"{few_files}/metrics")[2].decode()
    assert 'planlink_answers_total{source="cache"} 1.0' in figures
    assert 'planlink_answers_total{source="evaluation"} 1.0' in figures
    unchanged = ask(f"{few_files}/sparql?query={query}", If_None_Match=again[1]["ETag"])
    assert unchanged[0] == 304
    csv = ask(f"{few_files}/sparql?query={query}", Accept="text/csv")
    assert csv[1].get_content_type() == "text/csv"


def test_many_requests_of_one_kind_leave_pages_their_threads(
    own_release: Path, small_plan: Path
) -> None:
    """Comparisons of releases are worked out in the web process: two at a time, one of an
    address.
    """
    assert run("publish", small_plan, "--out", own_release).returncode == 0
    with serving(own_release) as address, ThreadPoolExecutor(40) as pool:
        compared = [pool.submit(ask, f"{address}/releases/compare?from=1&to=2") for _ in range(40)]
        pages = [ask(f"{address}{PAGE}")[0] for _ in range(10)]
        statuses = Counter(f.result()[0] for f in compared)
    assert pages == [200] * 10
    assert set(statuses) == {200, 503}
    assert statuses[200] >= 1


def test_a_query_on_a_former_release_has_the_same_limits(
    own_small_release: Path, small_plan: Path
) -> None:
    with serving(own_small_release, PLANLINK_QUERY_SECONDS="3") as address:
        endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        form = urllib.parse.urlencode({"query": LIGHT}).encode()
        assert ask(f"{address}/queries", form)[0] == 200
        publish_again(small_plan, own_small_release)
        eventually(lambda: ask(f"{address}/healthz")[2] == b"ok release 2\n", "release 2")

        def answered() -> bool:  # a busy machine may keep one waiting for longer than its limit
            return ask(f"{address}/queries/1/results")[0] == 200

        with ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(eventually, answered, "an answer of release 1") for _ in range(20)]
        assert all(one.result() for one in asked)
        assert send(address, endless) == 503


def test_the_application_runs_on_another_wsgi_server(own_small_release: Path) -> None:
    """server:application, on the standard library's: it starts query workers of its own, which stay
    when a process ends that was forked from it, as those of servers that preload are."""
    port = free_port()
    program = (
        "import atexit, os; from wsgiref.simple_server import make_server\n"
        "from server import application\n"
        "if not (child := os.fork()): atexit._run_exitfuncs(); os._exit(0)\n"
        f"os.waitpid(child, 0); make_server('127.0.0.1', {port}, application).serve_forever()"
    )
    environment = {**os.environ, "PLANLINK_RELEASE": str(own_small_release)}
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment)
    try:
        eventually(lambda: _is_ready(port), "it answers")
        assert send(f"http://127.0.0.1:{port}") == 200
        children = psutil.Process(process.pid).children(recursive=True)
    finally:
        process.terminate()
        process.wait(HANGING)
    _, alive = psutil.wait_procs(children, HANGING)
    assert alive == []
