"""Every step of two halves: what it is, what holds them apart, and that one person never does both."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step that takes two people, or one of which it is said why it may take one.

    `table` and `columns`: where the database itself keeps the two columns of one row from being one person.
    """

    code: str
    first: str
    second: str
    why: str
    table: str = ""
    columns: tuple[str, str] = ("", "")


STEPS = (
    Step(
        "finding",
        "Recommends what was found",
        "Reviews it",
        "Nobody judges their own reading of the evidence.",
        "findings",
        ("first_by_id", "found_by_id"),
    ),
    Step(
        "second_half",
        "Asks for a step that the rulebook gives to two",
        "Agrees to it",
        "Where a rulebook names a second person, that is somebody else: closing, erasing, findings, time and releases.",
        "second_halves",
        ("first_by_id", "second_by_id"),
    ),
    Step(
        "pause",
        "Asks that a clock stand still",
        "Lets it stand still",
        "Whoever is held to a day does not move it alone.",
        "pauses",
        ("asked_by_id", "granted_by_id"),
    ),
    Step(
        "extension",
        "Asks for more time",
        "Gives it",
        "Whoever is held to a day does not move it alone.",
        "extensions",
        ("asked_by_id", "decided_by_id"),
    ),
    Step(
        "release",
        "Asks for a release",
        "Publishes it",
        "What leaves the house was looked at twice.",
        "release_builds",
        ("asked_by_id", "publish_asked_by_id"),
    ),
    Step(
        "erasing",
        "Asks that a name be erased",
        "Agrees to it",
        "What can never be undone is never for one person.",
        "erasures",
        ("asked_by_id", "agreed_by_id"),
    ),
    Step(
        "hold",
        "Asks that a hold be lifted",
        "Lifts it",
        "A hold protects what a court may want; one person cannot end it.",
        "holds",
        ("lift_asked_by_id", "lifted_by_id"),
    ),
    Step(
        "vault_use",
        "Opens a name",
        "Looks at whether that was right",
        "Nobody reviews how they used a name themselves.",
        "vault_uses",
        ("account_id", "looked_by_id"),
    ),
    Step(
        "way_back",
        "Asks for a way back in",
        "Grants it",
        "Neither is the one who is let in: it takes three.",
        "ways_back",
        ("asked_by_id", "granted_by_id"),
    ),
    Step(
        "absence",
        "Says who stands in",
        "Stands in",
        "Nobody gives themselves the roles of another.",
        "absences",
        ("said_by_id", "deputy_id"),
    ),
    Step(
        "invitation",
        "Invites or resets an account",
        "Agrees to it",
        "Nobody lets in a second self: one gives the link, the other a code, and only the one let in has both.",
        "one_time_links",
        ("made_by_id", "agreed_by_id"),
    ),
    Step(
        "machine",
        "Makes a token for a machine that reads",
        "Agrees to it",
        "Whoever makes a token sees it, and could use it themselves.",
        "machines",
        ("made_by_id", "agreed_by_id"),
    ),
    Step(
        "groups",
        "Puts somebody into a group of the city’s accounts that has roles here",
        "Agrees that they have them; never whoever manages accounts here",
        "Who runs the city’s accounts is not of the office. The database asks for the second; the first it cannot see.",
    ),
    Step(
        "new_words",
        "Gives a filer the first half of a code for new words",
        "Gives the second half",
        "Whoever gave the whole code could take the words themselves.",
        "new_words",
        ("given_by_id", "seconded_by_id"),
    ),
    Step(
        "vote",
        "Recommends to the commission",
        "Votes",
        "No role of the office votes, and a vote is never lent.",
    ),
)
