"""What a rulebook that can be read may still get wrong; each message says how to mend it."""

from app.policy.lint.checks import expired_by, lint

__all__ = ["expired_by", "lint"]
