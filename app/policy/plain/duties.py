"""Review and appeals, the officer's rights, reports and publication, meetings, retention, letters and the form."""

from __future__ import annotations

from collections.abc import Iterator

from app.policy.model.decisions import (
    Admonition,
    Appeal,
    ClosedGround,
    Meetings,
    OfficerRights,
    ReviewOutcome,
    ReviewRule,
)
from app.policy.model.duties import ExternalReport, LetterKind, Report, RetentionClass
from app.policy.model.intake import Page, Question, ShownWhen
from app.policy.model.outside import FiledWith
from app.policy.plain.bodies import vote
from app.policy.plain.grammar import clause, ended, in_year, listed, quoted, sentence, the
from app.policy.plain.names import Speaker, text_of, time_of
from app.policy.plain.said import Entry, Section, section
from app.policy.plain.words import spoken


def review(speaker: Speaker) -> Section:
    block = speaker.book.review
    entries = (
        speaker.whole("", "review", block, "rules", "appeals", "outcomes"),
        *(_rule(speaker, rule) for rule in block.rules),
        *(_outcome(speaker, outcome) for outcome in block.outcomes),
        *(_appeal(speaker, appeal) for appeal in block.appeals),
    )
    return section("review", "Review and appeal", entries)


def _rule(speaker: Speaker, rule: ReviewRule) -> Entry:
    by = f" by {speaker.name(rule.body, 'bodies', 'external_bodies')}" if rule.body else ""
    kinds = f" with {speaker.names(rule.categories, 'allegations', last='or')}" if rule.categories else ""
    found = f" found {speaker.names(rule.findings, 'findings', last='or')}" if rule.findings else ""
    must = "must" if rule.is_mandatory else "may"
    text = (
        f"A case{kinds}{found} {must} be reviewed{by}.",
        *speaker.rest(rule, "is_mandatory", "body", "categories", "findings"),
    )
    return speaker.entry(str(rule.label), f"review.rules.{rule.code}", rule, text)


def _outcome(speaker: Speaker, outcome: ReviewOutcome) -> Entry:
    back = "The review sends the case back." if outcome.sends_back else "The review does not send the case back."
    leads = f"It leads to {speaker.name(outcome.leads_to, 'stages')}." if outcome.leads_to else ""
    return speaker.entry(f"Outcome: {outcome.label}", f"review.outcomes.{outcome.code}", outcome, (back, leads))


def _appeal(speaker: Speaker, appeal: Appeal) -> Entry:
    votes = speaker.say(appeal.vote, *vote(appeal.vote)) if appeal.vote else ()
    return speaker.entry(str(appeal.label), f"review.appeals.{appeal.code}", appeal, _appealed(speaker, appeal), *votes)


def _appealed(speaker: Speaker, appeal: Appeal) -> Iterator[str]:
    time = time_of(appeal.limit_amount, appeal.limit_unit)
    within = f" within {time}" if time else ""
    begins = f" from the day {speaker.when((appeal.limit_from,))}" if appeal.limit_from and time else ""
    yield sentence(f"{speaker.who(appeal.by)} may ask for it{within}{begins}")
    if appeal.body:
        yield sentence(f"{speaker.name(appeal.body, 'bodies', 'external_bodies')} decides")
    if appeal.waived_by:
        yield sentence(f"{speaker.who(appeal.waived_by)} may take one that comes late")
    elif appeal.may_be_waived is not None:
        yield "One that comes late may be taken." if appeal.may_be_waived else "Nobody may take one that comes late."
    if appeal.grounds:
        yield f"The grounds: {listed(quoted(str(each.label)) for each in appeal.grounds)}."
    if appeal.outcomes:
        yield f"The outcomes: {listed(quoted(str(each.label)) for each in appeal.outcomes)}."


def rights(speaker: Speaker) -> Section:
    block = speaker.book.officer_rights
    entries = (
        speaker.entry("", "officer_rights", block, _rights(speaker, block)),
        *(_admonition(speaker, words) for words in block.admonitions),
    )
    return section("rights", "The officer's rights", entries)


def _rights(speaker: Speaker, block: OfficerRights) -> Iterator[str]:
    if block.most_questioners:
        yield f"No more than {block.most_questioners} people may ask questions."
    yield from speaker.rest(block, "most_questioners", "admonitions")


def _admonition(speaker: Speaker, words: Admonition) -> Entry:
    text = f"These words are read to the officer: {quoted(text_of(words.text))}"
    return speaker.entry(str(words.label), f"officer_rights.admonitions.{words.code}", words, (ended(text),))


def reports(speaker: Speaker) -> Section:
    entries = (
        speaker.entry(str(each.label), f"external_reports.{each.code}", each, external_text(speaker, each))
        for each in speaker.book.external_reports
    )
    return section("reports", "Reports to outside bodies", entries)


_REPORT_SAID = ("recipient", "duty_of", "trigger", "clock", "fulfilled_by", "filed_with", "categories", "minor")


def external_text(speaker: Speaker, report: ExternalReport) -> Iterator[str]:
    to = the(clause(text_of(report.recipient)))
    after = f" when {speaker.when((report.trigger,))}" if report.trigger else ""
    yield sentence(f"{spoken(report.duty_of)} reports to {to}{after}")
    if report.clock:
        yield f"The time for it is that of the clock {speaker.name(report.clock, 'deadlines')}."
    yield f"The duty is fulfilled by {spoken(report.fulfilled_by)}{_filed(speaker, report.filed_with)}."
    for category in report.categories:
        covers = speaker.names(category.covers, "allegations") or "nothing of our own"
        always = ", without exception" if category.always else ""
        yield f"Under {quoted(str(category.label))} fall {covers}{always}."
    if report.minor:
        yield f"Minor matters need no report: {ended(speaker.value(report, 'minor'))}"
    yield from speaker.rest(report, *_REPORT_SAID)


def _filed(speaker: Speaker, filed: FiledWith | None) -> str:
    if filed is None:
        return ""
    proof = f"; the proof is: {clause(filed.proof)}" if filed.proof else ""
    return f" with {speaker.name(filed.body, 'external_bodies')}{proof}"


def publication(speaker: Speaker) -> Section:
    block = speaker.book.publication
    entries = (
        speaker.entry("", "publication", block, _published(speaker)),
        *(_report(speaker, report) for report in block.reports),
        *(
            speaker.part(f"Table: {each.label}", f"publication.tables.{each.code}", block, speaker.rest(each))
            for each in block.tables
        ),
    )
    return section("publication", "Publication", entries)


def _published(speaker: Speaker) -> Iterator[str]:
    block = speaker.book.publication
    yield f"A number smaller than {block.small_cell_threshold} is not published."
    if block.suppress_complement:
        yield "A number that would give a hidden one away is hidden too."
    yield "Officers are named in public." if block.officers_are_named else "Officers are not named in public."
    yield f"Dates are published to {_precision(speaker)}."
    yield f"A redacted summary needs {block.summaries_need} people who approve it."
    if block.definitions:
        yield f"Defined beside the numbers: {listed(quoted(str(each.label)) for each in block.definitions)}."
    yield from speaker.rest(block, *_PUBLICATION_SAID)


_PUBLICATION_SAID = (
    *("small_cell_threshold", "suppress_complement", "officers_are_named", "date_precision", "summaries_need"),
    *("tables", "reports", "definitions"),
)


def _precision(speaker: Speaker) -> str:
    word = spoken(speaker.book.publication.date_precision)
    return word if word.startswith("the ") else f"the {word}"


def _report(speaker: Speaker, report: Report) -> Entry:
    due = listed(in_year(each.month, each.day) for each in report.due)
    days = f", due on {due}" if due else ""
    later = f", within {speaker.value(report, 'due_after')} after the period ends" if report.due_after else ""
    text = [
        f"It comes out {spoken(report.every)}{days}{later}.",
        f"The duty is fulfilled by {spoken(report.fulfilled_by)}{_filed(speaker, report.filed_with)}.",
        *speaker.rest(report, "every", "due", "due_after", "fulfilled_by", "filed_with"),
    ]
    return speaker.entry(f"Report: {report.label}", f"publication.reports.{report.code}", report, text)


def meetings(speaker: Speaker) -> Section:
    block = speaker.book.meetings
    entries = (
        speaker.entry("", "meetings", block, _meetings(speaker, block)),
        *(_closed(speaker, ground) for ground in block.closed_grounds),
    )
    return section("meetings", "Meetings", entries)


def _meetings(speaker: Speaker, block: Meetings) -> Iterator[str]:
    if block.notice_hours is not None:
        yield f"A meeting is announced at least {block.notice_hours} hours before."
    if block.officer_notice_hours is not None:
        yield f"An officer spoken of is told at least {block.officer_notice_hours} hours before."
    yield from speaker.rest(block, "notice_hours", "officer_notice_hours", "closed_grounds")


def _closed(speaker: Speaker, ground: ClosedGround) -> Entry:
    votes = speaker.say(ground.vote, *vote(ground.vote)) if ground.vote else ()
    text = ["The board may meet without the public for this reason."]
    if ground.officer_notice_hours is not None:
        text.append(f"An officer spoken of is told at least {ground.officer_notice_hours} hours before.")
    text += speaker.rest(ground, "officer_notice_hours", "vote")
    return speaker.entry(str(ground.label), f"meetings.closed_grounds.{ground.code}", ground, text, *votes)


def retention(speaker: Speaker) -> Section:
    block = speaker.book.retention
    holds = listed(quoted(str(each.label)) for each in block.hold_kinds)
    text = (f"A record is kept longer for: {holds}.",) if holds else ()
    entries = (
        speaker.entry("", "retention", block, text),
        *(
            speaker.entry(str(each.label), f"retention.{each.code}", each, kept_text(speaker, each))
            for each in block.classes
        ),
    )
    return section("retention", "How long records are kept", entries)


def kept_text(speaker: Speaker, kind: RetentionClass) -> Iterator[str]:
    time = time_of(kind.amount, kind.unit)
    begins = f" from the day {speaker.when((kind.starts,))}" if kind.starts else ""
    if time:
        yield f"It is kept for {time}{begins}, and then {spoken(kind.then)}."
    elif kind.then.value == "keep":
        yield "It is kept for ever."
    else:
        yield f"How long it is kept is not known; then it is {spoken(kind.then)}."
    if kind.covers:
        yield f"It covers {speaker.names(kind.covers, 'things', 'letters')}."
    yield "A second person must approve." if kind.second_approver else "One person may do it alone."


def letters(speaker: Speaker) -> Section:
    entries = (
        speaker.entry(str(kind.label), f"letters.{kind.code}", kind, letter_text(speaker, kind))
        for kind in speaker.book.letters
    )
    return section("letters", "Letters", entries)


def letter_text(speaker: Speaker, kind: LetterKind) -> Iterator[str]:
    after = f" when {speaker.when((kind.on,))}" if kind.on else ", when somebody in the office writes it"
    yield f"It goes to {spoken(kind.to)}{after}."
    if kind.channels:
        yield f"It is sent by {listed((channel.replace('_', ' ') for channel in kind.channels), 'or')}."


def form(speaker: Speaker) -> Section:
    block = speaker.book.form
    entries = (
        speaker.entry("", "form", None, speaker.rest(block, "pages")),
        *(speaker.entry(str(page.label), f"form.{page.code}", None, _page(speaker, page)) for page in block.pages),
    )
    return section("form", "The complaint form", entries)


def _page(speaker: Speaker, page: Page) -> Iterator[str]:
    if page.shown_when:
        yield f"It is shown {_shown_when(speaker, page.shown_when)}."
    yield from speaker.rest(page, "fields", "shown_when")
    if page.fields:
        yield f"It asks: {'; '.join(_question(field) for field in page.fields)}."


def _question(field: Question) -> str:
    return f"{quoted(clause(str(field.label)))}{' (must be answered)' if field.required else ''}"


def _shown_when(speaker: Speaker, when: ShownWhen) -> str:
    about = speaker.value(when, "field")
    wanted = [f"{about} is answered {speaker.names(when.is_one_of, 'choices', last='or')}"] if when.is_one_of else []
    barred = speaker.names(when.is_none_of, "choices", last="or")
    return listed(
        ["only when " + each for each in wanted] + ([f"unless {about} is answered {barred}"] if barred else [])
    )
