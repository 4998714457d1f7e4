"""What a flag says when it is set, and when it is not."""

from __future__ import annotations

from collections.abc import Mapping

# What holds when a flag is set, and what holds when it is not: both whole clauses.
FLAGS: Mapping[str, tuple[str, str]] = {
    "accepts": ("the answer accepts what was recommended", "the answer does not accept what was recommended"),
    "alternates_fill_quorum": ("an alternate may make a quorum", "an alternate does not make a quorum"),
    "always": ("it is reported without exception", "exceptions are possible"),
    "asks_identity": ("the person is asked who they are", "the person is not asked who they are"),
    "before_lapse": (
        "more time must be asked for before the end",
        "more time may also be asked for after the end",
    ),
    "brady": (
        "a finding against the officer goes to the prosecutor's disclosure list",
        "nothing goes to the prosecutor's disclosure list for it",
    ),
    "by_roll_call": ("members are called by name", "members need not be called by name"),
    "calls_for_discipline": ("it calls for discipline", "it does not call for discipline"),
    "counts_up": (
        "the law gives no number of days, and the days that have passed are counted",
        "the days that have passed are not shown in place of a date",
    ),
    "direct_records_access": (
        "the office reads its records directly",
        "the office does not read its records directly",
    ),
    "ends_the_case": (
        "discipline is lost when the time is over",
        "nothing is said of discipline being lost when the time is over",
    ),
    "files_for_another": ("they file for somebody else", "they file for themselves"),
    "final": ("the case ends there", "the case goes on from there"),
    "goes_on": ("the case goes on", "the case ends"),
    "is_advice": (
        "it is only asked for: a later complaint is taken, and the lateness noted",
        "it binds: a later complaint is too late",
    ),
    "is_binding": ("it binds", "it does not bind"),
    "is_protected": (
        "their name is kept from the first moment for one role alone",
        "their name is kept like any other",
    ),
    "is_check": ("it shows every answer before sending", "it asks questions"),
    "is_consent": (
        "its opening words say what people agree to: a machine's translation waits for a person",
        "its opening words ask for no agreement",
    ),
    "is_complete": ("everything exists in this language", "not everything exists in this language"),
    "is_confidential": ("what is said there stays there", "what is said there is not confidential"),
    "is_demonstration": ("this is a demonstration", "this is no demonstration"),
    "is_discipline": ("it is discipline", "it is no discipline"),
    "is_exclusive": (
        "the department may not investigate the same matter beside the office",
        "the department may investigate the same matter beside the office",
    ),
    "is_goal": ("it is the office's own aim and no law", "it is a duty, not only an aim"),
    "is_identifying": ("it says who somebody is", "it does not say who somebody is"),
    "is_least": ("it is the least time, not the most", "it is the most time, not the least"),
    "is_mandatory": ("it must be reviewed", "it may be reviewed"),
    "is_offered": ("mediation is offered", "mediation is not offered"),
    "Clock.is_public": (
        "the person who complained is told this date",
        "the person who complained is not told this date",
    ),
    "is_published": ("it is published", "it is not published"),
    "is_weak": ("it only tells of the law", "it is the law's own text or a page of the office"),
    "asked_by_filer": (
        "a case ends so when the person who complained takes the complaint back",
        "it is not how a complaint is taken back",
    ),
    "may_be_waived": ("it may be waived", "it may not be waived"),
    "may_reopen": ("the case may be reopened", "nothing is said of reopening the case"),
    "merits": ("it decides on the merits", "it does not decide on the merits"),
    "needed_to_file": ("somebody must sign to file", "nobody must sign to file"),
    "needs_allegation": ("it must name what somebody is said to have done", "it need not name an allegation"),
    "needs_filing": ("somebody must have complained", "nobody need have complained"),
    "needs_motion": ("it needs a motion", "it needs no motion"),
    "needs_reason": ("a reason must be given", "no reason need be given"),
    "needs_vote": ("it needs a vote", "it needs no vote"),
    "never_mediate": ("it is never mediated", "it may be mediated"),
    "officer_may_waive": ("the officer may waive the notice", "the officer may not waive the notice"),
    "officer_notice": ("the officer is told", "nothing is said of telling the officer"),
    "officers_are_named": ("officers are named in public", "officers are not named in public"),
    "on_duty_only": ("only what happens on duty is looked at", "what happens off duty is looked at too"),
    "on_the_record": ("nothing new may be brought", "something new may be brought"),
    "open_on_request": (
        "it is open to the public if the person spoken of asks",
        "it stays closed even if the person spoken of asks",
    ),
    "per_officer": ("it is kept for each officer", "it is kept for the whole case"),
    "preserve_first": ("the department is first asked to preserve it", "it is asked for at once"),
    "recommendations_are_public": ("recommendations are public", "recommendations are not public"),
    "recused_are_members": (
        "a member who steps aside stays in the number the share is taken of",
        "a member who steps aside is taken out of the number the share is taken of",
    ),
    "recused_count": (
        "a member who steps aside counts as present",
        "a member who steps aside does not count as present",
    ),
    "remote_allowed": ("members may take part from afar", "members may not take part from afar"),
    "repeats": ("it can be answered several times", "it is answered once"),
    "required": ("it must be answered", "it may be left empty"),
    "right_to_left": ("it is written from right to left", "it is written from left to right"),
    "second_approver": ("a second person must approve", "one person may do it alone"),
    "sends_back": ("the case goes back", "the case does not go back"),
    "shows_services": ("it names other doors that may help", "it names no other door"),
    "shows_department": (
        "the department may be told who complained",
        "the department is never told who complained",
    ),
    "stops_cases": ("cases cannot be handled without the answer", "cases can be handled without the answer"),
    "suppress_complement": (
        "a number that would give a hidden one away is hidden too",
        "a number that would give a hidden one away is shown all the same",
    ),
    "third_party_allowed": ("somebody else may complain for another", "nobody may complain for another"),
    "tie_fails": ("a tie fails", "a tie does not fail"),
}
