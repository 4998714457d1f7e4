"""The three refusals, and the one for input that cannot be read; each carries words meant for a person."""

from collections.abc import Mapping


class Refusal(Exception):
    """Something was not done; the text says why in plain words and is shown as it stands."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to see: the answer is the same (404)."""

    def __init__(self, words: str = "There is nothing here, or it is not yours to see.") -> None:
        super().__init__(words)


class NotAllowed(Refusal):
    """The person is known and may not do this (403)."""

    def __init__(self, words: str = "Your role does not allow this.") -> None:
        super().__init__(words)


class StepUpNeeded(Refusal):
    """The person may do this, and first proves once more to be themselves (403)."""

    def __init__(self, words: str = "Confirm that it is you: this needs a fresh proof.") -> None:
        super().__init__(words)


class FactorNeeded(Refusal):
    """The person's role needs a second factor, and this session was opened without one (403)."""

    def __init__(self, words: str = "Your role needs a second step at signing in. Set one up, or use it.") -> None:
        super().__init__(words)


class Refused(Refusal):
    """The rules do not allow it now (409)."""


class Stale(Refused):
    """Somebody else changed the record since it was shown (409); nothing typed is lost."""

    def __init__(
        self,
        words: str = "Somebody else changed this while you were writing. Your text is kept below: "
        "read what changed, then save again.",
    ) -> None:
        super().__init__(words)


class Invalid(Refusal):
    """The input cannot be read (422): one message for each field, `""` for the whole."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("Some answers need another look.")
        self.fields = dict(fields)


def words_of(problem: OSError) -> str | None:
    """What the machine would not do, as one line for whoever can mend it; None where it names no file."""
    if problem.filename is None or problem.strerror is None:
        return None
    return f"{problem.filename} cannot be used: {problem.strerror}. Mend that, or name another place."
