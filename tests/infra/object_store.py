"""A store that speaks as much of S3 as the files need, on loopback and in memory: for the real client, not for people.

Nothing maintained was light enough (moto[server] brings botocore and a web framework of its own). It answers as S3's
reference says: conditional creation, ranges, parts, listing by pages, deletion one by one and many at once.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

PAGE = 3


class Bucket:
    """What lies there, what is still in parts, and what was asked."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[str] = []
        self.lock = threading.Lock()

    def keep(self, key: str, data: bytes) -> None:
        self.objects[key] = (data, datetime.now(UTC))  # noqa: TID251 - a store has a clock of its own


class _Speaker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def do_GET(self) -> None:
        if not self.key:
            return self._list()
        found = self.bucket.objects.get(self.key)
        return self._give(*found) if found else self._say(404, "<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815 - the name that http.server asks for

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"] or 0))
        if "partNumber" in self.query:
            with self.bucket.lock:
                self.bucket.asked.append("part")
                self.bucket.parts[self.query["uploadId"]][int(self.query["partNumber"])] = data
        elif self.headers.get("if-none-match") == "*" and self.key in self.bucket.objects:
            return self._say(412, "<Error><Code>PreconditionFailed</Code></Error>")
        else:
            self.bucket.keep(self.key, data)
        return self._say(200, "", etag=_tag(data))

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
        if "delete" in self.query:
            self.bucket.asked.append("delete many")
            keys = [unquote(key) for key in re.findall(r"<Key>([^<]*)</Key>", said)]
            for key in keys:
                self.bucket.objects.pop(key, None)
            gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
            return self._say(200, f"<DeleteResult>{gone}</DeleteResult>")
        if "uploads" in self.query:
            name = f"upload-{len(self.bucket.parts)}"
            self.bucket.parts[name] = {}
            names = f"<Bucket>b</Bucket><Key>{self.key}</Key><UploadId>{name}</UploadId>"
            return self._say(200, f"<InitiateMultipartUploadResult>{names}</InitiateMultipartUploadResult>")
        parts = self.bucket.parts.pop(self.query["uploadId"])
        data = b"".join(parts[number] for number in sorted(parts))
        self.bucket.keep(self.key, data)
        made = f"<Location>x</Location><Bucket>b</Bucket><Key>{self.key}</Key><ETag>{_tag(data)}</ETag>"
        return self._say(200, f"<CompleteMultipartUploadResult>{made}</CompleteMultipartUploadResult>")

    def do_DELETE(self) -> None:
        if "uploadId" in self.query:
            self.bucket.parts.pop(self.query["uploadId"], None)
        self.bucket.objects.pop(self.key, None)
        self._say(204, "")

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/files").removeprefix("/")

    @property
    def query(self) -> dict[str, str]:
        found = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in found.items()}

    def _list(self) -> None:
        keys = [key for key in sorted(self.bucket.objects) if key.startswith(self.query.get("prefix", ""))]
        after = self.query.get("continuation-token", "")
        rest = [key for key in keys if key > after]
        page = rest[:PAGE]
        more = f"<NextContinuationToken>{page[-1]}</NextContinuationToken>" if len(rest) > PAGE else ""
        said = "".join(self._entry(key) for key in page)
        cut = str(len(rest) > PAGE).lower()
        self._say(200, f"<ListBucketResult><IsTruncated>{cut}</IsTruncated>{more}{said}</ListBucketResult>")

    def _entry(self, key: str) -> str:
        data, at = self.bucket.objects[key]
        facts = f"<LastModified>{at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified><ETag>{_tag(data)}</ETag>"
        return f"<Contents><Key>{escape(key)}</Key>{facts}<Size>{len(data)}</Size></Contents>"

    def _give(self, data: bytes, at: datetime) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        headers = {"etag": _tag(data), "last-modified": format_datetime(at, usegmt=True)}
        if asked is None:
            return self._send(200, data, headers)
        start, end = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
        if start >= len(data):
            return self._say(416, "<Error><Code>InvalidRange</Code></Error>")
        headers["content-range"] = f"bytes {start}-{end}/{len(data)}"
        return self._send(206, data[start : end + 1], headers)

    def _say(self, status: int, xml: str, **headers: str) -> None:
        self._send(status, xml.encode(), headers)

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def _tag(data: bytes) -> str:
    return f'"{md5(data, usedforsecurity=False).hexdigest()}"'


@contextmanager
def object_store() -> Iterator[tuple[str, Bucket]]:
    """The address of an empty bucket, and what lies in it."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Speaker", (_Speaker,), {"bucket": bucket}))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
