"""The questions about contraindications that are asked before every treatment of a client.

Nothing is decided here: each question gets a no, or a yes with a clinician's reason from a short
list and a staff code. Without all answers nothing is armed (H29). Owns no state.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from host_controller import errors
from host_controller.planning import fields, plan_source
from host_controller.planning.failures import ScreeningIncomplete
from host_controller.planning.problems import Problems
from host_controller.records.pseudonyms import is_pseudonym

FORMAT = "pen-screen/1"
QUESTIONS = {
    "bleeding": "A bleeding or clotting disorder, or blood thinners?",
    "immunity": "A weak immune system, or medicine that weakens it?",
    "diabetes": "Diabetes that is not under control?",
    "infection": "An infection, a rash, cold sores or active acne in the area?",
    "skin-disease": "Eczema, psoriasis, vitiligo or an autoimmune disease of the skin?",
    "isotretinoin": "Isotretinoin within the last six months?",
    "keloids": "Keloids or raised scars, ever?",
    "sun": "A tan or a sunburn in the area?",
    "cancer": "Cancer, chemotherapy, radiation or steroids?",
    "pregnancy": "Pregnant or breastfeeding?",
    "allergy": "An allergy to stainless steel or to a numbing agent?",
    "herpes": "Herpes in the area before, without cover against it now?",
}
REASONS = {
    "cleared": "a physician cleared it for today",
    "area-left-out": "the area in question is not treated",
    "covered": "cover or treatment against it is under way",
    "resolved": "it is over and healed",
}
NO, YES = "no", "yes"
_HEAD = ("format", "client", "asked_on")
_YES_KEYS = ("answer", "reason", "by")


@dataclass(frozen=True)
class Answer:
    """No, or a yes that a clinician took a decision about."""

    yes: bool
    reason: str = ""
    by: str = ""


@dataclass
class Screening:
    """The answers of one client on one day."""

    client: str
    asked_on: date
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Keys of the questions without a full answer."""
        return tuple(key for key in QUESTIONS if key not in self.answers)

    def as_record(self) -> dict[str, str]:
        """Answers as the record holds them: closed words and a staff code."""
        return {
            key: f"{YES}: {answer.reason}, {answer.by}" if answer.yes else NO
            for key, answer in self.answers.items()
        }


def must_hold(screening: Screening, client: str, today: date) -> None:
    """Raise ScreeningIncomplete unless every question was answered by this client today."""
    if screening.client != client:
        raise ScreeningIncomplete(
            f"These answers are of {screening.client}, the plan is for {client}.",
            cause="Plan and answers belong to two clients.",
        )
    if screening.asked_on != today:
        raise ScreeningIncomplete(
            f"These answers are of {screening.asked_on}, today is {today}.",
            cause="Skin and medicine change between sessions.",
        )
    left = screening.open_questions
    if left:
        raise ScreeningIncomplete(
            f"{len(left)} of {len(QUESTIONS)} questions are not answered.",
            lines=[f"{key}: {QUESTIONS[key]}" for key in left],
        )


def template(client: str, today: date) -> str:
    """The questions as a file to fill in."""
    lines = [
        f'# Asked of {client} before the treatment. Answer each with "no", or with',
        '# { answer = "yes", reason = "...", by = "dr-03" }; reasons:',
        *(f"#   {word}: {meaning}" for word, meaning in REASONS.items()),
        f'format = "{FORMAT}"',
        f'client = "{client}"',
        f"asked_on = {today.isoformat()}",
        "",
    ]
    for key, question in QUESTIONS.items():
        lines += [f"# {question}", f'{key} = ""']
    return "\n".join(lines) + "\n"


def load(path: str) -> Screening:
    """Read a filled-in file; raises PlanUnreadable and PlanInvalid. Blank answers stay open."""
    return check(plan_source.read(path))


def check(source: plan_source.PlanSource) -> Screening:
    """The answers of a parsed file."""
    data = source.data
    problems = Problems(
        source.name,
        source.lines,
        errors.PlanInvalid,
        errors.PlanInvalid,
        "nothing was armed",
    )
    fields.known_keys(problems, "", data, (*_HEAD, *QUESTIONS))
    if data.get("format") != FORMAT:
        problems.add("format", "The first line must name the format.", f'format = "{FORMAT}"')
    client, asked_on = data.get("client"), data.get("asked_on")
    if not isinstance(client, str) or not is_pseudonym(client):
        problems.add("client", "A client number was expected, never a name.", "as in C-1042")
    if not isinstance(asked_on, date) or isinstance(asked_on, datetime):
        problems.add("asked_on", "A date was expected.", "year-month-day without quotes")
    found: dict[str, Answer] = {}
    for key in QUESTIONS:
        answer = _answer(problems, key, data.get(key, ""))
        if answer is not None:
            found[key] = answer
    problems.raise_any()
    assert isinstance(asked_on, date)
    return Screening(str(client), asked_on, found)


def _answer(problems: Problems, key: str, value: Any) -> Answer | None:
    if value == "":
        return None
    if value == NO:
        return Answer(yes=False)
    if not isinstance(value, dict):
        problems.add(
            key,
            "This is neither a no nor a yes with its reason.",
            next_step='Write "no", or { answer = "yes", reason = "cleared", by = "dr-03" }.',
        )
        return None
    fields.known_keys(problems, key, value, _YES_KEYS)
    if value.get("answer") == NO:
        return Answer(yes=False)
    fields.word(problems, f"{key}.answer", value.get("answer"), (YES, NO))
    reason = fields.word(problems, f"{key}.reason", value.get("reason"), REASONS)
    by = value.get("by")
    if not isinstance(by, str) or not is_pseudonym(by):
        problems.add(f"{key}.by", "The clinician's staff code was expected.", "as in dr-03")
        return None
    return Answer(True, reason, by) if reason else None
