"""The words of what goes out by mail: that something happened to an account; a checkpoint with its proof."""

import json

from app.access.work import Work
from app.administration.queries import checkpoints
from app.audit.records import CheckpointMail

_FIRST = "It is the first one that is sent to you."
_AFTER = "The one sent to you before was number {number}, of {size} entries. If you never had it, ask why."
_WORDS = """\
This is checkpoint number {number} of the journal of {agency}.

It stands for the first {size} entries of everything that happened there. {before}

Please keep this message where nobody of the office can reach it. Whoever alters or removes one of these entries later,
even with every key and password of the office, can then be found out with it.

The checkpoint, in the signed-note format of C2SP:

{note}
Its verifier key, which never changes: compare it with the one in your first message.

{key}

What is published, and the program that checks it without the office:

{address}/journal
"""
_PROOF = """
That it grew out of the one before it. Save the next line as a file and run: python3 candor_verify.py FILE

{proof}
"""


def account_changed(work: Work) -> tuple[str, str]:
    """To its own person."""
    name = work.house.name_in("en")
    text = (
        "Somebody signed in as you from a new device, or changed how you sign in.\n\n"
        f"Sign in and look at Your account: {work.house.base_url}/office/account\n"
        "If it was you, there is nothing to do. If it was not, tell an administrator at once, in person or by "
        "telephone.\n\nNobody will ever ask you for a password or a code by mail.\n\n"
        f"{name}\n"
    )
    return f"{name}: your sign-in", text


def machine_changed(work: Work) -> tuple[str, str]:
    """To whoever answers for it."""
    name = work.house.name_in("en")
    text = (
        "You answer for a machine that has a token here. It was made, has ended, or ends soon.\n\n"
        "An administrator can say which, and make another one: it takes a new token, not a longer one.\n\n"
        f"{work.house.base_url}\n\n{name}\n"
    )
    return f"{name}: a machine that you answer for", text


def way_back_granted(work: Work) -> tuple[str, str]:
    """To those who read the journal."""
    name = work.house.name_in("en")
    text = (
        "Two people have let somebody in: with a link, or after the loss of a second step. "
        "The journal says who and when.\n\n"
        f"{work.house.base_url}/office/journal\n\n{name}\n"
    )
    return f"{name}: somebody was let in by two", text


def checkpoint_mail(work: Work, mail: CheckpointMail) -> tuple[str, str]:
    """Subject and text: the checkpoint, the one before it, and the proof that nothing between was rewritten."""
    shown, before = checkpoints.get_numbered(work, mail.number), checkpoints.mailed_before(work, mail)
    agency = work.house.name_in("en")
    text = _WORDS.format(
        number=shown.number,
        agency=agency,
        size=shown.size,
        before=_AFTER.format(number=before.number, size=before.size) if before is not None else _FIRST,
        note=shown.note,
        key=checkpoints.signer(work).verifier_key,
        address=work.house.base_url,
    )
    if before is not None:
        document = checkpoints.consistency(work, before.size, shown.size)
        text += _PROOF.format(proof=json.dumps(document, separators=(",", ":")))
    return f"Checkpoint {shown.number} of the journal of {agency}: {shown.size} entries", text
