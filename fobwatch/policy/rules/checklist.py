"""What a policy should say, and which of it the clauses say: the 26 items and the guidance behind them (B10, R02)."""

from dataclasses import dataclass

from fobwatch.policy.rules.form import Clause, Policy

ITEMS: dict[str, str] = {
    "P01": "The device is locked by password, PIN or biometrics",
    "P02": "Two checks at sign-in (MFA)",
    "P03": "Encryption of the device, or of data on its way",
    "P04": "The system and apps are kept up to date",
    "P05": "Antivirus where the device needs it",
    "P06": "Who answers for what: staff, managers and IT",
    "P07": "Leavers: work data and access are removed",
    "P08": "Long absence is handled",
    "P09": "What may be reached from a personal device, and what not",
    "P10": "No copies to other devices or personal clouds",
    "P11": "Information moves to the main record, then is deleted",
    "P12": "Patient data is not kept on the device",
    "P13": "Devices are registered with IT",
    "P14": "Staff are trained and kept aware",
    "P15": "Data on personal devices can be reached when somebody has a right to it",
    "P16": "Somebody checks that the policy is kept",
    "P17": "How loss or theft is reported",
    "P18": "Erasing a lost device, and what it means for private things",
    "P19": "What happens when the policy is broken",
    "P20": "A risk assessment (DPIA)",
    "P21": "Approved apps only",
    "P22": "Nobody else uses the device",
    "P23": "Clinical photographs",
    "P24": "Messages",
    "P25": "Altered or unsupported devices are not allowed",
    "P26": "An owner and a date of review",
}
# Statements of docs/guidance.md that the text of a policy can meet; the others ask for something else.
GUIDANCE: dict[str, str] = {
    "B02": "Staff can find out whether and how they may use their own device",
    "B03": "A strong password, as local policy sets it",
    "B04": "Secure, approved channels only",
    "B05": "No patient information on the device unless unavoidable",
    "B06": "Only approved apps; rules on clinical photography",
    "B07": "Staff who are unsure can ask the IG team",
    "B08": "A DPIA for own devices",
    "B10": "A policy whose goals are enforced by technical controls",
    "B11": "Acceptable use: passwords, MFA, encryption, updates",
    "B12": "Roles of staff, managers and IT",
    "B13": "Leavers: work data is removed",
    "B14": "Which kinds of data may be reached",
    "B15": "No copies elsewhere; saved to the main record, then deleted",
    "B16": "Every device is registered",
    "B17": "Staff are educated, trained and kept aware",
    "B18": "SAR and FOI can reach data on personal devices",
    "B19": "Data for an inquiry can be found and is held",
    "B20": "Regular checks that the policy is kept",
    "B21": "Long absence: work data is managed or removed",
    "B22": "Who is responsible for each check",
    "B23": "The policy and the checks are reviewed",
    "B24": "A password or PIN on every device",
    "B25": "MFA for access",
    "B26": "Clear steps for lost and stolen devices",
    "B27": "IT registers devices together with staff",
    "B28": "Known steps when staff do not follow the policy",
    "R01": "Simple to understand and easy to reach",
    "R08": "Risks for specialist teams",
    "R11": "People choose their own device",
    "W03": "Rules for a personal computer",
    "W04": "Rules for a personal phone",
    "T02": "A conversation is not the record",
    "T04": "Messaging follows this policy",
    "T05": "Nobody else uses the device",
    "T07": "The screen locks after a short time",
    "T08": "Lock-screen notifications show nothing",
    "T09": "Remote wipe, and what it means for private content",
    "T16": "Losing the device matters professionally too",
    "M01": "No picture of a patient stays on the device",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist: its id, what it asks, and the clauses that meet it, in their order."""

    id: str
    words: str
    clauses: tuple[Clause, ...]


def _lines(wanted: dict[str, str], met: dict[str, list[Clause]]) -> tuple[Line, ...]:
    return tuple(Line(key, words, tuple(met.get(key, ()))) for key, words in wanted.items())


def items(policy: Policy) -> tuple[Line, ...]:
    """The 26 items, each with the clauses that meet it."""
    met: dict[str, list[Clause]] = {}
    for clause in policy.clauses:
        for item in clause.items:
            met.setdefault(item, []).append(clause)
    return _lines(ITEMS, met)


def guidance(policy: Policy) -> tuple[Line, ...]:
    """The statements of the guidance that a policy can meet, each with the clauses that meet it."""
    met: dict[str, list[Clause]] = {}
    for clause in policy.clauses:
        for statement in clause.guidance:
            met.setdefault(statement, []).append(clause)
    return _lines(GUIDANCE, met)
