"""The next steps for each kind of refusal, as staff read them, and what proves that they were taken."""

# ruff: noqa: E501  a step is one sentence on one line

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Playbook:
    """One way of putting a refusal right."""

    id: str
    name: str
    steps: tuple[str, ...]
    proof: str


def _book(id_: str, name: str, proof: str, *steps: str) -> tuple[str, Playbook]:
    return id_, Playbook(id=id_, name=name, steps=steps, proof=proof)


PLAYBOOKS: dict[str, Playbook] = dict(
    (
        _book(
            "P01",
            "Another payer comes first",
            "The first payer accepted the claim and the determination is on file, or a call reference says the payer updated its order and reprocesses.",
            "Ask eligibility of every plan for the day of service.",
            "Determine the order again; keep the rule and the facts.",
            "Where a plan's file disagrees, call it; with the patient on the line when possible.",
            "Put the coverages in order with their dates.",
            "Bill the payer that comes first.",
            "Hold the next payer until the first has answered.",
            "Look at the patient's other claims of those days.",
        ),
        _book(
            "P02",
            "Other payer not identified",
            "The claim was accepted with the other payer on it.",
            "Look in the 271, on the cards and on earlier claims for the other payer.",
            "Nothing there: ask the patient.",
            "Complete the other payer's name, id, subscriber, relationship and type.",
            "Send as a new or a replacement claim, whichever this payer takes.",
        ),
        _book(
            "P03",
            "Earlier payer's EOB missing or incomplete",
            "The next payer accepted the claim with the date of the first answer; the EOB is stored.",
            "Find the earlier payer's remittance or EOB.",
            "Check that it balances: charge = paid + adjustments.",
            "Rebuild every group, reason, amount, payment and date, line by line.",
            "Attach the EOB where the payer asks for it.",
            "Send again.",
            "Never answered: ask the earlier payer for the claim's status first.",
        ),
        _book(
            "P04",
            "Medicare secondary payer conflict",
            "A new print of Medicare's record, the date of the questionnaire and the claim's reference.",
            "Go through the Medicare secondary payer questions again.",
            "Compare with what Medicare's eligibility answer shows.",
            "Medicare's record is wrong or ended: the patient, or we with the patient, call the Benefits Coordination & Recovery Center, 1-855-798-2627.",
            "Medicare's record is right: bill the group plan or accident payer first.",
            "After the update, send again; a reopening usually settles it sooner than an appeal.",
        ),
        _book(
            "P05",
            "Wrong payer or plan",
            "The right payer accepted the claim.",
            "Read the card's back and the 271 for a Medicare Advantage plan or a behavioral health administrator.",
            "Keep this remittance: it proves that we filed in time.",
            "Send a new claim to the right payer; where the payer passed it on itself, wait 30 days and verify.",
            "Correct the coverage so that future claims go right.",
        ),
        _book(
            "P06",
            "Not covered on the day of service",
            "A 271 for the day of service, and the outreach log.",
            "Ask eligibility again for that day.",
            "Ask the patient which plan was in force.",
            "Consider reinstatement, continuation and retroactive Medicaid.",
            "Bill another coverage that was in force.",
            "None found after outreach: the patient pays privately.",
        ),
        _book(
            "P07",
            "Identity does not match",
            "The corrected claim was accepted.",
            "Compare name, id, birth date and relationship with the card and the 271.",
            "Correct what differs.",
            "Send again.",
        ),
        _book(
            "P08",
            "Dependent's eligibility",
            "The payer confirmed the dependent, or the end date is on file.",
            "Compare the age with the plan's limit; look for student, disability, newborn or custody papers.",
            "A questionnaire is open: help the patient answer it.",
            "Cover has ended: treat as not covered, and look at future visits.",
        ),
        _book(
            "P09",
            "Accident or third party",
            "Accident worksheet, the carrier's denial or exhaustion letter, or its acceptance.",
            "Ask about the accident: day, state, kind, claim number, adjuster, attorney.",
            "Is this visit related? If not, correct the accident fields and appeal with the note.",
            "Related: bill workers' compensation, no-fault or liability.",
            "Medicare, and the carrier does not pay within 120 days: a conditional claim is possible; for liability choose Medicare or a lien, never both.",
        ),
        _book(
            "P10",
            "Duplicate",
            "Link to the original claim and its outcome.",
            "Find the original claim's number and where it stands.",
            "It crossed over: stop, wait and post the crossover's payment.",
            "The original was refused: work that one.",
            "It is a distinct service: add modifiers or notes and ask for a reopening.",
        ),
        _book(
            "P11",
            "Crossover failed",
            "The next payer accepted a claim we sent ourselves.",
            "Verify with the next payer that nothing arrived.",
            "Correct the subscriber and plan data that stopped it.",
            "Send the claim directly, with the first payer's answer.",
            "Have the crossover record put right; look at the patient's other claims.",
        ),
        _book(
            "P12",
            "Is zero right?",
            "Worksheet of the coordination arithmetic.",
            "Test: the later payer allows no more than the first paid; or its plan pays only up to its own benefit; or it excludes earlier cost share.",
            "Keep which test passed.",
            "Move the balance by group code and contract.",
            "Bill the patient only after the last payer.",
            "Do not appeal a right zero.",
        ),
        _book(
            "P13",
            "The patient must answer the payer",
            "The payer confirmed that its record is updated, with a reprocess reference.",
            "Call the payer: what exactly is open, and until when?",
            "Reach the patient; offer to answer together by telephone.",
            "Follow up on day 7 and day 14.",
            "Day 21 without an answer: note it at the next visit and take the path for no response.",
        ),
        _book(
            "P14",
            "We must send something",
            "Receipt of what was sent.",
            "Read the remark or letter for the exact document.",
            "Send it through the payer's own channel with the claim's number.",
            "Keep the receipt.",
        ),
        _book(
            "P15",
            "Authorization, referral or network",
            "Authorization number or decision letter.",
            "Is there an authorization with any payer for these days and units?",
            "The other payer has it: ask this one for an exception or an authorization after the fact.",
            "Check the payer's rules for authorizing late.",
            "Appeal with the proof.",
            "Out of network: single case agreement or out-of-network benefit.",
        ),
        _book(
            "P16",
            "Medical necessity; not a question of order",
            "Receipt of the appeal.",
            "Get the criteria the payer cites.",
            "Ask the clinician for a statement, the plan and rating scales.",
            "Ask for a peer-to-peer call.",
            "Appeal.",
            "The next payer may still cover it: bill it with this denial.",
        ),
        _book(
            "P17",
            "Benefit excluded or used up",
            "Proof of the benefit; the next claim.",
            "Confirm in the booklet or the 271.",
            "Used up: bill the next payer with this denial.",
            "No other payer: the patient's, if notice and consent allow it.",
        ),
        _book(
            "P18",
            "Filed too late",
            "Packet of proof, or an approved write-off.",
            "Compute the limit from the right day.",
            "Collect proof: payer-level acceptance, the wrong payer's remittance, the day of the earlier payer's EOB.",
            "In time after all: ask for reconsideration.",
            "An exception of the payer applies: ask for it.",
            "Else write off with its root cause; a contract usually bars billing the patient.",
        ),
        _book(
            "P19",
            "Provider not eligible",
            "Letter with the effective date.",
            "Check enrolment and credentialing for the day of service.",
            "Hold this provider's other claims with the payer.",
        ),
        _book(
            "P20",
            "Taken back",
            "Refund or offset matched to the cent, and the right payer accepted the claim.",
            "Log the demand: payer, day, claims, amounts, reason, last day to respond.",
            "Stop statements of those accounts.",
            "Match it to the reversal or the provider adjustment.",
            "Is it right? Determine the order again with what is known now; check the look-back limit.",
            "Right: agree refund or offset, bill the right payer at once, compute every later share anew.",
            "Wrong: dispute in time and ask to stop the offset.",
            "Close when cash, ledger and patient balance agree.",
        ),
        _book(
            "P21",
            "Protected patient (QMB)",
            "Proof of the refund, or a balance of zero with Medicaid's remittance.",
            "Flag the account.",
            "Take Medicare's cost share off the patient's balance.",
            "Refund what was collected.",
            "Bill Medicaid or the next payer.",
            "Write off what remains, never before the next payer answered.",
        ),
        _book(
            "P22",
            "Premium grace period",
            "A new 271.",
            "Hold the statement.",
            "Ask eligibility again each month.",
            "Premium paid: the claim is reprocessed by itself.",
            "Ended: treat as not covered.",
        ),
        _book(
            "P23",
            "Coding or bundling; not a question of order",
            "The corrected claim.",
            "A coder reviews the claim.",
            "Correct and send again, or appeal with notes.",
        ),
    )
)
# Billing another payer is a way of putting these right. The others wait for the payer that refused: that the next one
# took the claim in says nothing of them.
ELSEWHERE = frozenset({"P01", "P04", "P05", "P06", "P08", "P09", "P17"})
