"""Every setting, read once from the environment at the way in and handed on."""

import os
import re
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kernel.errors import Refused

PROJECT = Path(__file__).resolve().parent.parent
# What `setup` settled for one data folder; the environment itself wins over it.
ENVIRONMENT = "candor.env"
# Where a fault of security is told: what RFC 9116 takes, several of them parted by spaces.
CONTACT = re.compile(r"mailto:[^\s@,]+@[^\s@,]+|https://[!-~]+|tel:\+[0-9-]+", re.ASCII)
ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+", re.ASCII)
# A gateway of text messages: over HTTPS, or on this machine.
GATEWAY = re.compile(r"https://[!-~]+|http://([!-~]*@)?(127\.0\.0\.1|localhost|\[::1\])[:/][!-~]*", re.ASCII)
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class Settings(BaseSettings):
    """The installation's settings; `CANDOR_DATA_DIR` and so on in the environment, or given by a command."""

    model_config = SettingsConfigDict(env_prefix="CANDOR_", frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = PROJECT / ".candor"
    database_url: SecretStr | None = None
    read_url: SecretStr | None = None
    direct_url: SecretStr | None = None
    storage_url: str | None = None
    smtp_url: SecretStr | None = None
    sms_url: SecretStr | None = None
    clamd_url: str = Field(default="", pattern=r"^((tcp://[\w.\[\]:-]+|unix:///[!-~]+))?$")
    base_url: str = "http://127.0.0.1:8000"
    files_url: str | None = None
    secret_file: Path | None = None
    key_service: Path | None = None
    vault_days: int = Field(default=35, ge=1, le=90)
    agency: str | None = None
    demo_password: SecretStr | None = None
    limits: str = Field(default="on", pattern="^(on|off)$")
    test_data: Path = PROJECT.parent / "shared" / "data"
    metrics_token: SecretStr | None = None
    backup_dir: Path | None = None
    security_contact: str | None = None
    sso_issuer: str | None = Field(
        default=None, pattern=r"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$))[!-~]*$"
    )
    sso_client: str = ""
    sso_secret: SecretStr | None = None
    sso_algorithm: str = Field(default="RS256", pattern="^(RS256|ES256)$")
    sso_name: str = "your city account"
    checkpoint_mail: str = ""
    checkpoint_mail_hours: int = Field(default=24, ge=1, le=24 * 31)

    @classmethod
    def read(cls, **given: Any) -> Self:
        """The settings of this process: what a command was given, else the environment, else what set-up wrote."""
        known = {name: value for name, value in given.items() if value is not None}
        folder = known.get("data_dir") or os.environ.get("CANDOR_DATA_DIR") or PROJECT / ".candor"
        return cls(_env_file=Path(folder) / ENVIRONMENT, **known)

    @field_validator("security_contact")
    @classmethod
    def _is_contact(cls, text: str | None) -> str | None:
        if text is not None and not all(CONTACT.fullmatch(one) for one in text.split(" ")):
            raise ValueError("name it as mailto:somebody@example.gov, https://… or tel:+1-…")
        return text

    @field_validator("sms_url")
    @classmethod
    def _is_gateway(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not GATEWAY.fullmatch(url.get_secret_value()):
            raise ValueError("name it as https://name:token@gateway.example/messages?from=12345")
        return url

    @field_validator("checkpoint_mail")
    @classmethod
    def _are_addresses(cls, text: str) -> str:
        if not all(ADDRESS.fullmatch(one) for one in text.split()):
            raise ValueError("name the addresses parted by spaces: auditor@city.example inspector@state.example")
        return text

    @model_validator(mode="after")
    def _limits_only_at_home(self) -> Self:
        if self.limits == "off" and not self.is_loopback:
            raise Refused("CANDOR_LIMITS=off is for load tests on this machine only: the base URL is not loopback.")
        return self

    @property
    def witnesses(self) -> tuple[str, ...]:
        """To whom outside the journal's checkpoints are sent."""
        return tuple(self.checkpoint_mail.split())

    @property
    def project(self) -> Path:
        """The folder that holds app/, policies/ and templates/."""
        return PROJECT

    @property
    def policies_dir(self) -> Path:
        """Where the rulebooks are."""
        return PROJECT / "policies"

    @property
    def secrets_dir(self) -> Path:
        """Where the two keys are, unless `CANDOR_SECRET_FILE` names another place."""
        return self.secret_file.parent if self.secret_file else self.data_dir / "keys"

    @property
    def files_location(self) -> str:
        """Where files are stored, as a URL."""
        return self.storage_url or (self.data_dir / "files").resolve().as_uri()

    @property
    def is_loopback(self) -> bool:
        """True while the site is plain http on this machine, where cookies carry neither Secure nor __Host-."""
        return self.base_url.startswith(LOOPBACK)

    @property
    def is_https(self) -> bool:
        """True when the public address is HTTPS."""
        return self.base_url.startswith("https://")
