"""Findings with their standard, closures, demands and subpoenas, discipline and answers, mediation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.policy.model.decisions import Answer, Closure, DemandKind, Dispute, Finding, Life, LifeCode, Penalty, Subpoena
from app.policy.plain.bodies import vote
from app.policy.plain.grammar import clause, ended, from_to, listed, quoted, sentence, the
from app.policy.plain.names import Speaker, text_of
from app.policy.plain.said import Entry, Section, section
from app.policy.plain.words import spoken

_FINDING_SAID = ("definition", "canonical", "standard", "stricter", "precedence", "merits", "burden_on", "lives")
_FLAGS = ("calls_for_discipline", "needs_vote", "is_published", "from_on", "to_on")


def findings(speaker: Speaker) -> Section:
    book = speaker.book
    entries = (
        *(finding_entry(speaker, finding) for finding in book.findings),
        *(_life(speaker, life) for life in book.lives),
    )
    return section("findings", "Findings", entries)


def finding_entry(speaker: Speaker, finding: Finding) -> Entry:
    stricter = speaker.say(finding.stricter, *_stricter(finding)) if finding.stricter else ()
    doubts = speaker.doubts(finding.stricter)
    text = finding_text(speaker, finding)
    return speaker.entry(str(finding.label), f"findings.{finding.code}", finding, text, *stricter, *doubts)


def finding_text(speaker: Speaker, finding: Finding) -> Iterator[str]:
    yield ended(text_of(finding.definition))
    if finding.standard:
        yield f"The standard of proof is {spoken(finding.standard)}."
    if finding.burden_on:
        yield sentence(f"{spoken(finding.burden_on)} must prove it")
    yield "It decides on the merits." if finding.merits else "It does not decide on the merits."
    if set(finding.lives) != set(LifeCode):
        yield f"It may be the finding of {listed((spoken(life) for life in finding.lives), 'or')}."
    yield from _effects(finding)
    if finding.canonical:
        yield f"Between cities it is compared as {quoted(spoken(finding.canonical))}."
    yield f"It is number {finding.precedence} in the order that names a case."
    yield from speaker.rest(finding, *_FINDING_SAID, *_FLAGS)


def _effects(finding: Finding) -> Iterator[str]:
    if finding.calls_for_discipline:
        yield "It calls for discipline."
    if finding.needs_vote:
        yield "It needs a vote."
    if not finding.is_published:
        yield "It is not published."
    if finding.from_on or finding.to_on:
        yield f"It is used{from_to(finding.from_on, finding.to_on)}."


def _stricter(finding: Finding) -> Iterator[str]:
    stricter = finding.stricter
    if stricter:
        standard = f"the standard is {spoken(stricter.standard)}" if stricter.standard else "the standard is higher"
        yield sentence(f"{standard} in these cases: {ended(stricter.when)}")


def _life(speaker: Speaker, life: Life) -> Entry:
    text = [sentence(f"the finding of {spoken(life.code)} is written by {speaker.who(life.by)}")]
    if life.body:
        text.append(f"It is that of {speaker.name(life.body, 'bodies')}.")
    if life.stages:
        text.append(f"It is written at {speaker.names(life.stages, 'stages', last='or')}.")
    text += speaker.rest(life, "by", "body", "stages")
    return speaker.entry(str(life.label), f"lives.{life.code}", None, text)


def closures(speaker: Speaker) -> Section:
    entries = (
        speaker.entry(str(each.label), f"closures.{each.code}", each, closure_text(speaker, each))
        for each in speaker.book.closures
    )
    return section("closures", "Closing without a finding", entries)


def closure_text(speaker: Speaker, closure: Closure) -> Iterator[str]:
    yield ended(text_of(closure.definition))
    if closure.by:
        yield sentence(f"{speaker.who(closure.by)} may close a case so")
    if closure.concurrence_of:
        yield sentence(f"{speaker.name(closure.concurrence_of, 'bodies')} must agree")
    if closure.contact_attempts:
        several = "tries" if closure.contact_attempts != 1 else "try"
        yield f"{closure.contact_attempts} {several} to reach the person must be on file."
    yield "A reason must be given." if closure.needs_reason else "No reason need be given."
    if closure.asked_by_filer:
        yield "A case ends so when the person who complained takes the complaint back."
    yield from _after(closure)
    yield from speaker.rest(closure, *_CLOSURE_SAID)


_CLOSURE_SAID = (
    *("definition", "by", "concurrence_of", "contact_attempts", "needs_reason", "canonical", "may_reopen"),
    "asked_by_filer",
    *("is_published", "from_on", "to_on"),
)


def _after(closure: Closure) -> Iterator[str]:
    if closure.may_reopen:
        yield "The case may be reopened."
    if not closure.is_published:
        yield "It is not published."
    if closure.canonical:
        yield f"Between cities it is compared as {quoted(spoken(closure.canonical))}."
    if closure.from_on or closure.to_on:
        yield f"It is used{from_to(closure.from_on, closure.to_on)}."


def evidence(speaker: Speaker) -> Section:
    book = speaker.book
    entries = [
        speaker.whole("", "demands", book.demands, "kinds"),
        *(_demand(speaker, kind) for kind in book.demands.kinds),
    ]
    if book.subpoena:
        said = speaker.say(book.subpoena.vote, *_subpoena_vote(book.subpoena)) if book.subpoena.vote else ()
        text = _subpoena(speaker, book.subpoena)
        entries.append(speaker.entry("Subpoenas", "subpoena", book.subpoena, text, *said))
    return section("evidence", "Demands and subpoenas", entries)


def _demand(speaker: Speaker, kind: DemandKind) -> Entry:
    to = f" of {the(clause(text_of(kind.goes_to)))}" if kind.goes_to else " of the department"
    text = [f"It is asked{to}; the time to answer is that of the clock {speaker.name(kind.clock, 'deadlines')}."]
    if kind.answers:
        text.append(f"The answers may be: {listed(quoted(str(each.label)) for each in kind.answers)}.")
    text += speaker.rest(kind, "clock", "goes_to", "answers")
    return speaker.entry(str(kind.label), f"demands.{kind.code}", kind, text)


def _subpoena(speaker: Speaker, subpoena: Subpoena) -> Iterator[str]:
    if subpoena.issuer:
        asks = f", and {speaker.name(subpoena.requester, 'bodies')} asks for it" if subpoena.requester else ""
        yield sentence(f"{speaker.name(subpoena.issuer, 'bodies')} issues a subpoena{asks}")
    yield from speaker.rest(subpoena, "issuer", *(("requester",) if subpoena.issuer else ()), "vote")


def _subpoena_vote(subpoena: Subpoena) -> Iterator[str]:
    if subpoena.vote:
        yield from (text.replace("A motion passes", "It needs a vote, which passes") for text in vote(subpoena.vote))


def discipline(speaker: Speaker) -> Section:
    block = speaker.book.discipline
    advice = speaker.book.policy_recommendations
    entries = (
        speaker.entry("", "discipline", block, _recommended(speaker, block, "discipline")),
        *(_penalty(speaker, penalty) for penalty in block.penalties),
        *(_answer(speaker, answer, "discipline") for answer in block.answers),
        *(_dispute(speaker, dispute) for dispute in block.disputes),
        speaker.entry(
            "Policy recommendations", "policy_recommendations", advice, _recommended(speaker, advice, "policy changes")
        ),
        *(_answer(speaker, answer, "policy_recommendations") for answer in advice.answers),
    )
    return section("discipline", "Discipline, recommendations and their answers", entries)


def _recommended(speaker: Speaker, block: object, what: str) -> Iterator[str]:
    recommender, clock = getattr(block, "recommender", None), getattr(block, "answer_clock", None)
    if recommender:
        yield sentence(f"{speaker.name(recommender, 'bodies')} recommends {what}")
    if clock:
        yield f"The time to answer is that of the clock {speaker.name(clock, 'deadlines')}."
    yield from speaker.rest(block, "recommender", "answer_clock", "penalties", "answers", "disputes")  # type: ignore[arg-type]


def _penalty(speaker: Speaker, penalty: Penalty) -> Entry:
    kind = "is a penalty" if penalty.is_discipline else "is a step, but no discipline"
    text = f"It {kind}, number {penalty.rank} from the lightest."
    return speaker.entry(str(penalty.label), f"discipline.penalties.{penalty.code}", penalty, (text,))


def _answer(speaker: Speaker, answer: Answer, place: str) -> Entry:
    text = ["The answer accepts what was recommended." if answer.accepts else "The answer does not accept it."]
    if answer.opens:
        text.append(f"The dispute {speaker.name(answer.opens, 'disputes')} follows.")
    text += speaker.rest(answer, "accepts", "opens")
    return speaker.entry(f"Answer: {answer.label}", f"{place}.answers.{answer.code}", answer, text)


def _dispute(speaker: Speaker, dispute: Dispute) -> Entry:
    text = [*_decided(speaker, dispute), sentence(f"{spoken(dispute.burden_on)} must convince")]
    text += _outcomes(dispute)
    if dispute.excluded_deciders:
        grounds = listed((str(each.label) for each in dispute.excluded_deciders), "or")
        text.append(f"Nobody decides of whom this holds: {grounds}.")
    text += speaker.rest(dispute, "decided_by", "deciders", "chosen", "burden_on", "excluded_deciders", "outcomes")
    return speaker.entry(str(dispute.label), f"discipline.disputes.{dispute.code}", dispute, text)


def _decided(speaker: Speaker, dispute: Dispute) -> Iterator[str]:
    many = f"{dispute.deciders} of" if dispute.deciders else ""
    chosen = f", chosen {clause(dispute.chosen)[:1].lower()}{clause(dispute.chosen)[1:]}" if dispute.chosen else ""
    yield sentence(f"{many} {speaker.name(dispute.decided_by, 'bodies', 'external_bodies')} decides{chosen}".strip())


def _outcomes(dispute: Dispute) -> Iterable[str]:
    return [
        f"{sentence(quoted(str(each.label)))[:-1]}: the word of {spoken(each.stands)} stands."
        for each in dispute.outcomes
    ]


def mediation(speaker: Speaker) -> Section:
    block = speaker.book.mediation
    if block is None:
        return Section("mediation", "Mediation", ())
    text = ["Mediation is offered." if block.is_offered else "Mediation is not offered."]
    if block.consents:
        text.append(sentence(f"{speaker.names(block.consents, 'roles')} must agree"))
    if block.is_offered:
        text.append(
            "What is said there stays there." if block.is_confidential else "What is said there is not confidential."
        )
    text += speaker.rest(block, "is_offered", "consents", "is_confidential")
    return section("mediation", "Mediation", (speaker.entry("", "mediation", block, text),))
