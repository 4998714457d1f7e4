"""Which door a path belongs to, and what cookie opens it."""

from app.infra.db import Door

PREFIXES = (
    ("/office", Door.OFFICE),
    ("/sign-in", Door.OFFICE),
    ("/sign-out", Door.OFFICE),
    ("/welcome", Door.OFFICE),
    ("/commission", Door.COMMISSION),
    ("/department", Door.DEPARTMENT),
    ("/file", Door.RESIDENT),
    ("/my", Door.RESIDENT),
    ("/leave", Door.RESIDENT),
    ("/leaving", Door.RESIDENT),
    ("/journal", Door.RESIDENT),
    ("/api/v1/commission", Door.COMMISSION),
    ("/api/v1/department", Door.DEPARTMENT),
    ("/api/v1/filings", Door.RESIDENT),
    ("/api/v1/public", Door.PUBLIC),
    ("/api/v1", Door.OFFICE),
)
STAFF_DOORS = {Door.OFFICE, Door.COMMISSION, Door.DEPARTMENT}
SESSION_COOKIE = "candor"
FILER_COOKIE = "candor-my"
DEVICE_COOKIE = "candor-device"
PROVIDER_COOKIE = "candor-provider"


def door_of(path: str) -> Door:
    """The door behind which a path lies; what belongs to none is public."""
    for prefix, door in PREFIXES:
        if path == prefix or path.startswith(prefix + "/"):
            return door
    return Door.PUBLIC


def cookie_name(name: str, *, https: bool) -> str:
    """Bound to the host where there is HTTPS; over plain http on loopback a browser would refuse that."""
    return f"__Host-{name}" if https else name
