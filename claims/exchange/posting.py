"""Answers into the ledger: the claims a chunk touches are read once, posted to in memory, and written once.

The rules are `claims.ledger`'s; here they meet rows. Nothing posted is ever changed: a reversal mirrors each entry of
the answer it takes back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from claims import ledger
from claims.crossover.forwarding import Forwarding
from claims.exchange.balances import write_balances
from claims.exchange.bulk import Bulk
from claims.exchange.by_letter import duplicate_of, replaced_by, rest_of
from claims.exchange.given_back import given_back, refunds_on
from claims.exchange.in_turn import NOT_IN_TURN, in_turn, is_same, stands_beside
from claims.exchange.ledger_rows import LedgerRows
from claims.exchange.left_out import note_left_out
from claims.exchange.originals import original_of
from claims.exchange.pages import Page, Told
from claims.exchange.per_line import moved_on, per_line
from claims.exchange.places import Place, place_of, whose
from claims.exchange.posted import posted_on
from claims.exchange.trading_places import says_another_place, trade_places
from claims.ledger import Account, Entry, LineKey, Posted
from claims.matching import tie_lines
from claims.models import Adjudication, Claim, ClaimPayer, Line, Recoupment
from claims.models.claim import PayerState
from claims.reasons import is_denial
from claims.reversals import difference
from cob.reasons import POINTS_ELSEWHERE
from cob.x12.t835 import Claim835

PAID_AS_ESTIMATE = "An estimate (25) decides nothing, yet money came under it: not posted. Ask the payer what it paid."


class Book:
    """The ledger of some claims while a chunk of answers is posted to it."""

    def __init__(self, claims: Iterable[Claim], *, but: Iterable[Adjudication] = ()) -> None:
        """`claims` come with lines and payers fetched; they are locked where the database knows row locks. Answers in
        `but` are on file but still to be posted."""
        self._but = {row.pk for row in but}
        self.pages = {claim.pk: Page(claim, list(claim.lines.all()), list(claim.payers.all())) for claim in claims}
        self._new = LedgerRows()
        self._forwarding = Forwarding()
        self._changed_payers: dict[uuid.UUID, ClaimPayer] = {}
        self._posted_late: list[Adjudication] = []
        self._to_order: dict[uuid.UUID, Page] = {}
        self._letters: dict[uuid.UUID, Recoupment] = {}
        self._refunds: dict[uuid.UUID, uuid.UUID] = {}
        # Balances are a sum over rows: nobody else may add rows to these claims meanwhile.
        list(Claim.objects.select_for_update().filter(pk__in=self.pages).order_by("pk").values_list("pk"))
        self._place_payers()
        self._read()

    def _place_payers(self) -> None:
        """As they are placed now that the claims are held: an order may have been applied since they were read."""
        placed = ClaimPayer.objects.filter(claim__in=self.pages).order_by()
        now = {pk: (rank, state) for pk, rank, state in placed.values_list("pk", "rank", "state")}
        for page in self.pages.values():
            for payer in page.payers:
                payer.rank, payer.state = now.get(payer.pk, (payer.rank, payer.state))

    def _read(self) -> None:
        for claim, posted in posted_on(self.pages):
            self.pages[claim].rows.append(posted)
        self._refunds = refunds_on(self.pages.values())
        known = Adjudication.objects.filter(claim__in=self.pages).exclude(pk__in=self._but)
        known = known.select_related("remittance").prefetch_related("remittance__payer")
        rows = known.order_by("remittance__created_at", "position")
        letters = Recoupment.objects.filter(claim__in=self.pages, answer__isnull=False)
        self._letters = {row.answer_id: row for row in letters if row.answer_id}
        taken_back = {row.reverses_id for row in rows if row.reverses_id} | set(self._letters)
        for row in rows:
            if row.claim_id:
                self.pages[row.claim_id].told.append(Told(row, row.pk in taken_back))

    # --- one answer -------------------------------------------------------------------------------------------------

    def post(self, row: Adjudication, said: Claim835, tied: Sequence[Line | None]) -> bool:
        """Post one answer to its claim; False when it was kept without posting (its exceptions say why)."""
        page = self.pages[row.claim_id]  # type: ignore[index]  # only matched answers are posted
        if said.is_estimate:
            row.exceptions = [*row.exceptions, *([PAID_AS_ESTIMATE] if said.paid_cents else [])]
            return False
        told = Told.now(row, said)
        done = self._reverse(page, told) if said.is_reversal else self._answer(page, told, tied)
        page.told.append(told)
        if done:
            row.posted_at = self._new.clock
            if not said.is_reversal:
                self._pending_reversals(page, row)
                if row.claim_payer and row.claim_payer.state == PayerState.DENIED:
                    self.trade(page)  # nothing of it stands in the way of who answered ahead from behind it
        return done

    def has_earlier(self, row: Adjudication, said: Claim835) -> bool:
        """Whether a reversal takes back something that is on file already (and so goes before its correction)."""
        return any(
            not t.is_reversed and t.row.posted_at and not difference(t.said, said)
            for t in self.pages[row.claim_id].told  # type: ignore[index]
            if t.row.remittance_id != row.remittance_id
        )

    def _answer(self, page: Page, told: Told, tied: Sequence[Line | None]) -> bool:
        row, said = told.row, told.said
        row.claim_payer = whose(page.payers, row.remittance.payer, said)
        if says_another_place(row):
            self.trade(page, told)
        place = _placed(page, told)
        row.claim_payer = place.payer
        self._in_place_of(page, told, place)
        before = ledger.standing(page.rows)
        if any(posted.rank > place.rank for posted in before):
            if self._is_put_in_order(page, place.exceptions):
                before = [posted for posted in before if posted.rank <= place.rank]
        money = self._post_lines(page, told, tied, place, before)
        self._note_answer(place, row, said, money)
        known = len(place.exceptions)
        for payer in self._forwarding.note(row, place, page, said):
            self._changed_payers[payer.pk] = payer
        told.doubts = place.exceptions[known:]
        row.exceptions = [*row.exceptions, *dict.fromkeys(place.exceptions)]
        return True

    def _post_lines(
        self, page: Page, told: Told, tied: Sequence[Line | None], place: Place, before: Sequence[Posted]
    ) -> bool:
        """The entries of one answer behind what stands before it; whether any of them moves money."""
        money = False
        for key, entries in self._entries(page, told.said, tied, place, before):
            self._write(page, told.row, place.rank, key, entries)
            money = money or any(_counts(entry) for entry in entries)
        return money

    def _entries(
        self, page: Page, said: Claim835, tied: Sequence[Line | None], place: Place, before: Sequence[Posted]
    ) -> list[tuple[LineKey, list[Entry]]]:
        """By line; what a person should look at goes to `place`."""
        made = []
        for key, answer in per_line(page, said, tied, place, before).items():
            found = ledger.entries_of(answer, self._account(page, key, said, tied, before))
            place.exceptions.extend(page.on_line(key, why) for why in found.exceptions)
            made.append((key, found.rows))
        return made

    def _is_put_in_order(self, page: Page, exceptions: list[str]) -> bool:
        """Whether the answers of a claim are put in order once the chunk is posted; where they are not, it is said."""
        if not in_turn(page, self._letters):
            exceptions.append(NOT_IN_TURN)
            return False
        self._to_order[page.claim.pk] = page
        return True

    def trade(self, page: Page, coming: Told | None = None) -> bool:
        """Payers that answered the other way round change places; whether something that stands follows them."""
        moved = trade_places(page, self._letters, coming)
        if moved:
            self._to_order[page.claim.pk] = page
        return moved

    def put_in_order(self) -> None:
        """Once a chunk is posted: answers behind one that came late, or went, are taken back and posted anew behind
        what stands before them now, and what an answer leaves out is said on it. Before the answers themselves are
        written, whose exceptions may change."""
        for page in self._to_order.values():
            before: list[Posted] = []
            moved: set[int] = set()
            for told, rank, rows in in_turn(page, self._letters):
                stands = self._again(page, told, rank, rows, before, is_moved=rank in moved)
                if stands is not rows:
                    moved.add(rank)
                before += stands
        self._to_order = {}
        for page in self.pages.values():
            self._posted_late += note_left_out(page)

    def _again(
        self, page: Page, told: Told, rank: int, rows: list[Posted], before: Sequence[Posted], *, is_moved: bool
    ) -> list[Posted]:
        """What stands of one answer behind these; posted anew where it is not what it would be now, or in another
        place, or where the same payer's answer before it moved: of a payer's answers the last posted is its last
        word."""
        tied = tie_lines(page.lines, told.said.lines)
        place = Place(None, rank, list(told.row.exceptions))
        if told.row.claim_payer_id:
            place.exceptions = _placed(page, told).exceptions
        entries = self._entries(page, told.said, tied, place, before)
        odd = list(dict.fromkeys((*place.exceptions, *told.doubts)))
        if odd != told.row.exceptions:
            told.row.exceptions = odd
            self._posted_late.append(told.row)
        is_moved = is_moved or rows[0].rank != rank
        if not is_moved and is_same(rows, ((key, entry) for key, some in entries for entry in some)):
            return rows
        self._mirror(page, told, rows)
        first = len(page.rows)
        for key, some in entries:
            self._write(page, told.row, place.rank, key, some)
        return page.rows[first:]

    def _account(
        self, page: Page, key: LineKey, said: Claim835, tied: Sequence[Line | None], before: Iterable[Posted]
    ) -> Account:
        charge = page.charges.get(key)
        if charge is None:
            untied = [a.charge_cents for line, a in zip(tied, said.lines, strict=False) if line is None]
            charge = sum(untied) if untied else said.charge_cents
        mine = [r for r in before if r.line == key]
        found = ledger.account(charge, mine)
        if found.is_answered and not found.is_touched:
            return replace(found, moved_on_cents=moved_on(page, key, mine))
        return found

    def _note_answer(self, place: Place, row: Adjudication, said: Claim835, money: bool) -> None:
        """The payer has decided; a refusal that comes after that (a duplicate, say) does not undo the decision."""
        payer = place.payer
        if payer is None:
            return
        denied = not money and denies(said)
        if not denied or payer.state != PayerState.ADJUDICATED:
            payer.state = PayerState.DENIED if denied else PayerState.ADJUDICATED
            payer.answered_on = row.answered_on
            payer.payer_control_number = said.payer_control_number[:50] or payer.payer_control_number
            payer.crossover_until = None
        self._changed_payers[payer.pk] = payer

    # --- taking back ------------------------------------------------------------------------------------------------

    def _reverse(self, page: Page, told: Told) -> bool:
        """Mirror every entry of the one answer that this takes back to the cent, and what of it a check gave back."""
        original, why = original_of(page, told)
        if original is None and self._was_by_letter(page, told):
            return True
        if original is None:
            told.row.exceptions = [*told.row.exceptions, why]
            return False
        original.is_reversed = True
        alive = ledger.standing(page.rows)
        taken = [row for row in alive if row.answer == original.row.pk]
        told.row.reverses = original.row
        told.row.claim_payer_id = original.row.claim_payer_id
        refunds = given_back(alive, taken, told.row.remittance.payer_id, self._refunds)
        self._mirror(page, told, [*taken, *refunds])
        if stands_beside([row for row in alive if row not in refunds], taken):
            said: list[str] = []
            self._is_put_in_order(page, said)
            told.row.exceptions = [*told.row.exceptions, *said]
        self._taken_back(page, original)
        return True

    def _was_by_letter(self, page: Page, told: Told) -> bool:
        """A letter took the same back before: only what it left is still to be taken."""
        earlier = duplicate_of(page, told, self._letters)
        if earlier is None:
            return False
        letter, rest = self._letters[earlier.row.pk], rest_of(page, earlier)
        told.row.reverses, told.row.claim_payer_id = earlier.row, earlier.row.claim_payer_id
        self._mirror(page, told, rest)
        why = f"Letter {letter.reference} of {letter.letter_on:%m/%d/%Y} took this back already"
        took = (
            f"{why}, in part; what it left was taken back now." if rest
            else f"{why}; the reversal is a duplicate and was not posted again."
        )  # fmt: skip
        told.row.exceptions = [*told.row.exceptions, took]
        if rest:
            self._taken_back(page, earlier)
        return True

    def _in_place_of(self, page: Page, told: Told, place: Place) -> None:
        """What a letter left of an earlier answer goes, now that the payer has decided the claim anew."""
        earlier = replaced_by(page, told, self._letters) if self._letters else None
        if earlier:
            letter = self._letters[earlier.row.pk]
            self._mirror(page, told, rest_of(page, earlier))
            place.exceptions.append(
                f"This stands in place of what letter {letter.reference} of {letter.letter_on:%m/%d/%Y} left of the "
                "payer's earlier answer; the earlier payment is owed back whole."
            )

    def _mirror(self, page: Page, told: Told, rows: Iterable[Posted]) -> None:
        for row in list(rows):
            entry = Entry(ledger.REVERSAL, -row.amount_cents, row.group, row.carc, row.rarc)
            self._write(page, told.row, row.rank, row.line, [entry], mirrors=row)

    def _taken_back(self, page: Page, original: Told) -> None:
        """Nothing of the payer stands any more: its correction is awaited."""
        payer = next((p for p in page.payers if p.pk == original.row.claim_payer_id), None)
        if payer and not any(t.row.claim_payer_id == payer.pk and t.stands for t in page.told):
            payer.state = PayerState.REVERSED
            self._changed_payers[payer.pk] = payer
            self.trade(page)

    def _pending_reversals(self, page: Page, answered: Adjudication) -> None:
        """A reversal may have come before what it takes back; now it can be posted."""
        for told in page.told:
            row = told.row
            if told.said.is_reversal and not row.posted_at and row.remittance.payer_id == answered.remittance.payer_id:
                was, row.exceptions = row.exceptions, []
                if self._reverse(page, told):
                    row.posted_at = self._new.clock
                    self._posted_late.append(row)
                else:
                    row.exceptions = was

    # --- writing ----------------------------------------------------------------------------------------------------

    def _write(
        self,
        page: Page,
        row: Adjudication,
        rank: int,
        key: LineKey,
        entries: Iterable[Entry],
        mirrors: Posted | None = None,
    ) -> None:
        remittance = row.remittance
        # Names the claim too: an answer taken off one claim may be posted to another.
        answer = f"{remittance.key}|{row.position}|{page.claim.pk}"
        for entry in entries:
            said = f"{mirrors.key}|reversed" if mirrors else f"{answer}|{len(page.rows)}"
            posted = self._new.add(
                entry,
                said=said,
                claim=page.claim.pk,
                line=key,
                answer=row.pk,
                payer=remittance.payer_id,
                rank=rank,
                on=row.answered_on,
                reverses=mirrors.id if mirrors else None,
            )
            page.rows.append(posted)

    def flush(self, bulk: Bulk, rows: Sequence[Adjudication]) -> None:
        """Entries, payers' states and the balances that follow from both; `rows` are the answers just posted, which
        are on file. Reversals of earlier files that could be posted only now are put right as well."""
        late = [row for row in dict.fromkeys(self._posted_late) if row not in rows]
        bulk.update(late, ["posted_at", "exceptions", "reverses", "claim_payer"])
        self._new.flush(bulk)
        names = ["state", "answered_on", "payer_control_number", "crossover_until"]
        bulk.update(list(self._changed_payers.values()), names)
        self._forwarding.flush(bulk)
        write_balances(bulk, self.pages.values())


def _placed(page: Page, told: Told) -> Place:
    """Whose answer it is, and what is odd about that."""
    place = place_of(page.claim, page.payers, told.row.remittance.payer, told.said)
    if page.claim.is_void:
        place.exceptions.append("The practice has voided this claim, and the payer has answered it.")
    return place


def follow_order(claims: Iterable[Claim]) -> bool:
    """Payers that answered the other way round take the places that the order on file now gives them, what stands of
    them with them; whether any did. Balances follow in any case. `claims` come with lines and payers fetched."""
    book, bulk = Book(claims), Bulk()
    moved = [book.trade(page) for page in book.pages.values()]
    book.put_in_order()
    book.flush(bulk, [])
    bulk.tell("claims.claim", {page.claim.patient_id for page in book.pages.values()})
    return any(moved)


def rebalance(claims: Iterable[Claim]) -> list[Claim]:
    """Work out balances anew from the postings on file; `claims` come with lines and payers fetched. For when
    something other than a posting changed what they rest on: a payer added, sent to again, or found not billable."""
    bulk = Bulk()
    changed = write_balances(bulk, Book(claims).pages.values())
    bulk.tell("claims.claim", {claim.patient_id for claim in changed})
    return changed


def _counts(entry: Entry) -> bool:
    """Whether an entry shows that the payer decided on money, rather than pointing elsewhere."""
    if entry.kind == ledger.RESPONSIBILITY:
        return entry.carc not in POINTS_ELSEWHERE
    return bool(entry.amount_cents)


def denies(said: Claim835) -> bool:
    """Whether an answer that moved no money refuses the claim; a charge of zero leaves nothing to refuse."""
    return bool(said.charge_cents) and is_denial(said.status, said.every_adjustment)
