"""The bench: its figures are right, its servers stop, and the queue keeps its measures in small."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app import stages
from app.infra.db import Door
from app.kernel.errors import Refused
from app.operations import prove
from app.operations.bench import recount, run, servers
from app.operations.bench.client import Ask, as_fast_as_possible, at_a_rate
from app.operations.bench.figures import Sample, quantile
from app.operations.bench.site import Site, filing, row, site_at
from app.operations.bench.statements import plans_of, statements_of


class Odd(BaseHTTPRequestHandler):
    """Answers every other request well, in pieces."""

    protocol_version = "HTTP/1.1"
    count = 0

    def do_GET(self) -> None:
        Odd.count += 1
        self.send_response(200 if Odd.count % 2 else 500)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    def log_message(self, *_: object) -> None:  # nothing of it belongs into the test's output
        return


@pytest.fixture(scope="module")
def odd() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_at(tmp_path_factory.mktemp("site") / "data", stages.WIRING, 200, lambda _: None) as site:
        yield site


def test_a_quantile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [quantile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([3.0], 0.99) == 3.0


def test_a_failed_answer_is_counted_and_is_no_time() -> None:
    sample = Sample([0.1, 0.2], seconds=1.0, failures=3)
    assert sample.figures() == {
        "requests": 2,
        "failures": 3,
        "median_ms": 100.0,
        "p95_ms": 200.0,
        "p99_ms": 200.0,
        "per_second": 2.0,
    }


def test_the_client_reads_what_comes_in_pieces_and_counts_what_fails(odd: int) -> None:
    sample = at_a_rate(odd, lambda _: Ask("GET", "/"), rate=40, seconds=0.5)
    assert len(sample.durations) == sample.failures == 10


def test_nobody_listening_is_a_failure_and_no_endless_wait() -> None:
    sample = as_fast_as_possible(servers.free_port(), lambda _: Ask("GET", "/"), lines=1, seconds=0.2)
    assert not sample.durations
    assert sample.failures > 0


def test_the_queue_needs_at_most_eight_statements_and_reads_cases_by_index(site: Site) -> None:
    for name in run.QUEUE:
        sent = statements_of(site.settings, site.owner_url, [site.page(name)])[0]
        assert 1 < len(sent) <= prove.MOST_STATEMENTS, name
        assert plans_of(site.house.databases, Door.OFFICE, site.session_hash, sent)


def test_a_filing_is_one_transaction_of_few_statements(site: Site) -> None:
    before = site.ask("SELECT count(*), count(DISTINCT xid) FROM journal_entries")[0]
    sent = statements_of(site.settings, site.owner_url, [filing])[0]
    after = site.ask("SELECT count(*), count(DISTINCT xid) FROM journal_entries")[0]
    assert len(sent) <= 12
    # Two complaints were filed: each wrote its entries in one transaction.
    assert after[1] - before[1] == 2


def test_the_servers_answer_and_stop_by_themselves(site: Site) -> None:
    with servers.served(site.settings.data_dir) as up:
        pages = as_fast_as_possible(up.port, site.page("queue-first"), lines=1, seconds=0.5)
        filed = at_a_rate(up.port, filing, rate=20, seconds=0.5)
    with servers.twin(site.owner_url, site.settings.data_dir / "twin.log") as bare:
        rows = as_fast_as_possible(bare.port, row, lines=2, seconds=0.3)
    assert (pages.failures, filed.failures, rows.failures) == (0, 0, 0)
    assert pages.durations
    assert len(filed.durations) == 10
    assert rows.durations
    assert not [port for port in (up.port, bare.port) if _listens(port)]
    assert site.ask("SELECT count(*) FROM pg_database WHERE datname LIKE '%\\_twin'") == [(0,)]


def test_load_is_put_on_invented_cases_only(tmp_path: Path) -> None:
    made = servers.candor("journal", "verify", "--data", str(tmp_path / "data"))
    assert made.returncode == 0, made.stderr
    with pytest.raises(Refused, match="invented"), site_at(tmp_path / "data", stages.WIRING, 10, lambda _: None):
        pass


def test_an_unknown_bench_or_measure_is_refused() -> None:
    with pytest.raises(Refused, match="Known: filing"):
        run.bench("nonsense", stages.WIRING, lambda _: None)
    with pytest.raises(Refused, match="Known: queue"):
        prove.prove("nonsense", stages.WIRING, lambda _: None)


def test_a_proof_is_kept_and_not_done_again_with_the_same_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def measure(name: str, *, holds: bool) -> prove.Measure:
        def run_it(_: object, __: object) -> prove.Proof:
            calls.append(name)
            return prove.Proof(holds, {"ms": 1}, "by hand")

        return run_it

    monkeypatch.setattr(prove, "MEASURES_FILE", tmp_path / "measures.json")
    monkeypatch.setattr(prove, "MEASURES", {"good": measure("good", holds=True), "bad": measure("bad", holds=False)})
    for _ in range(2):
        prove.prove(None, stages.WIRING, lambda _: None)
    assert calls == ["good", "bad", "bad"]
    kept = json.loads((tmp_path / "measures.json").read_text())
    assert kept["good"]["figures"] == {"ms": 1}
    assert kept["good"]["machine"]["processors"] == os.cpu_count()
    assert not kept["bad"]["holds"]


def _listens(port: int) -> bool:
    return bool(as_fast_as_possible(port, lambda _: Ask("GET", "/healthz"), lines=1, seconds=0.05).durations)


def test_all_clocks_are_counted_there_and_back_and_end_where_they_were(site: Site) -> None:
    question = "SELECT id, due_on, policy_id FROM clocks ORDER BY id"
    before = site.ask(question)
    ((today,),) = site.ask("SELECT current_date")
    found = recount.there_and_back(site.house, lambda _: None, today)
    assert site.ask(question) == before
    ((running,),) = site.ask("SELECT count(*) FROM clocks WHERE stopped_on IS NULL")
    assert {each.clocks for each in found.values()} == {running}
    there, back, far, near = found.values()
    assert there.moved == back.moved > 0
    assert far.moved == near.moved < there.moved
    changed = site.ask("SELECT count(*) FROM journal_entries WHERE tag = 'clocks:clock:recounted'")
    assert changed == [(sum(each.moved for each in found.values()),)]
