"""Text messages out, by a gateway that takes one at a time over HTTP. Without an address nothing is sent."""

import base64
import json
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SECONDS = 20
TAKEN = range(200, 300)


class NotTaken(Exception):
    """The gateway did not take the message: the job tries again."""


@dataclass(frozen=True)
class Texting:
    """`https://name:token@gateway.example/messages?from=50123`: each message is posted there as JSON.

    The body is `{"to": …, "from": …, "text": …}`; a name and token go as HTTP Basic, a token alone as a bearer's.
    What the gateway calls the sender should not say whose message it is.
    """

    url: str = field(default="", repr=False)

    @property
    def is_on(self) -> bool:
        """True where a gateway was named."""
        return bool(self.url)

    def send(self, to: str, text: str) -> None:
        """Hands one message to the gateway; raises where it does not take it."""
        parts = urlsplit(self.url)
        sender = parse_qs(parts.query).get("from", [""])[0]
        body = json.dumps({"to": to, "from": sender, "text": text}).encode()
        headers = {"content-type": "application/json", "accept": "application/json", **_proof(parts)}
        connection = _connection(parts)
        try:
            connection.request("POST", parts.path or "/", body, headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as problem:
            # Neither the number nor the words may stand in a log.
            raise NotTaken(type(problem).__name__) from None
        finally:
            connection.close()
        if status not in TAKEN:
            raise NotTaken(f"status {status}")


def _connection(parts: SplitResult) -> HTTPConnection:
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "localhost", parts.port, timeout=SECONDS)


def _proof(parts: SplitResult) -> dict[str, str]:
    name, token = unquote(parts.username or ""), unquote(parts.password or "")
    if name and token:
        return {"authorization": "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()}
    return {"authorization": f"Bearer {name or token}"} if name or token else {}


NO_TEXTING = Texting()
