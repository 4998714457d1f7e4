"""Mail out: text only, one message at a time. Without an SMTP address nothing is sent, and nothing breaks."""

import smtplib
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20


def one_address(typed: str) -> str:
    """The one address that somebody typed; nothing where there are several, a list by a name, or none."""
    found = getaddresses([typed])
    return found[0][1] if len(found) == 1 else ""


@dataclass(frozen=True)
class Mail:
    """`smtp://name:password@host:587?from=office@city.example`; `smtps://` for TLS from the first byte."""

    url: str = field(default="", repr=False)

    @property
    def is_on(self) -> bool:
        """True where an address to send by was given."""
        return bool(self.url)

    def send(self, to: str, subject: str, text: str) -> None:
        """Hands one message to the server; raises where it does not take it, so that the job tries again."""
        address = one_address(to)
        if not address:
            # Not said which: an address stands in no log.
            raise ValueError("no header is made of what is not one address")
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = address
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        with self._connected() as server:
            server.send_message(message)

    @property
    def sender(self) -> str:
        """Who the mail is from: what the address says, else the name it signs in with."""
        parts = urlsplit(self.url)
        given = parse_qs(parts.query).get("from", [""])[0]
        return given or unquote(parts.username or "") or f"candor@{parts.hostname}"

    def _connected(self) -> AbstractContextManager[smtplib.SMTP]:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS)
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
                server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


NO_MAIL = Mail()
