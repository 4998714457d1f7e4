"""An honest attacker: reads what anyone can download, and says what can be learnt of those who complained."""

from app.publication.rules.attack.attacker import Finding, attack

__all__ = ["Finding", "attack"]
