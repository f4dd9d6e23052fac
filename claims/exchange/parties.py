"""Which site a file is for and which payer it speaks of: every id and name files use, looked up once per import."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

from cob.accounts.models import Site
from cob.audit.models import record
from cob.coverage.models import Payer
from cob.patients.models import squash
from cob.rules.codes import codes, filing, kind_of_filing
from cob.x12.t837p import Provider


class Payers:
    """All payers, by any id a file may name them by, else by a name that only one of them has."""

    def __init__(self) -> None:
        self._by_id: dict[str, Payer] = {}
        self._by_name: dict[str, list[Payer]] = {}
        self.notes: list[str] = []
        for payer in Payer.objects.order_by("name"):
            self._know(payer)

    def _know(self, payer: Payer) -> None:
        for known in (*payer.remit_ids, payer.edi_id):
            self._by_id[str(known).upper()] = payer
        self._by_name.setdefault(squash(payer.name), []).append(payer)

    def by_id(self, ids: Iterable[str]) -> Payer | None:
        """The payer that has one of these ids, the surest id first."""
        return next((self._by_id[i.upper()] for i in ids if i and i.upper() in self._by_id), None)

    def by_name(self, name: str) -> Payer | None:
        """The only payer of that name."""
        found = self._by_name.get(squash(name), []) if squash(name) else []
        return found[0] if len(found) == 1 else self._by_id.get(name.upper())

    def of_claim(self, edi_id: str, name: str, filing_code: str) -> Payer:
        """The payer a claim names (NM109), put on file when it is new."""
        payer = self.by_id([edi_id])
        if payer is None:
            return self.create(edi_id, name, filing_code)
        if not payer.kind and (kind := kind_of_filing(filing_code)):
            payer.kind = kind
            payer.save(update_fields=["kind"])
        return payer

    def create(self, edi_id: str, name: str, filing_code: str = "") -> Payer:
        """A payer seen for the first time; what it is stays unknown unless the file says so for certain."""
        if not edi_id or len(edi_id) > 20 or edi_id.upper() in self._by_id:
            edi_id = "N" + hashlib.sha256(f"{edi_id}|{squash(name)}".encode()).hexdigest()[:11].upper()
        kind = kind_of_filing(filing_code)
        # Only what the kind of coverage would not say by itself is a setting of the payer's own.
        own = "" if filing_code in (codes().filing_general, filing(kind).code) else filing_code[:2]
        payer = Payer.objects.create(
            name=(name or edi_id)[:80],
            edi_id=edi_id,
            kind=kind,
            filing_indicator=own,
        )
        self._know(payer)
        self.notes.append(f"Payer {payer.name} ({payer.edi_id}) is new" + ("." if payer.kind else "; say what it is."))
        return payer

    def learn(self, payer: Payer, ids: Iterable[str], because: str) -> None:
        """Remember the ids a remittance used for a payer."""
        new = [i for i in ids if i and i.upper() not in self._by_id]
        if new:
            payer.remit_ids = [*payer.remit_ids, *new]
            payer.save(update_fields=["remit_ids"])
            self._know(payer)
        self.notes.append(f"{payer.name}: {because}")


class Sites:
    """All sites, by NPI, else by a tax number that only one of them has."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.used: set[uuid.UUID] = set()
        self._by_npi: dict[str, Site] = {}
        self._by_tax_id: dict[str, list[Site]] = {}
        for site in Site.objects.order_by("name"):
            self._know(site)

    def _know(self, site: Site) -> None:
        self._by_npi[site.npi] = site
        if site.tax_id:
            self._by_tax_id.setdefault(site.tax_id, []).append(site)

    def find(self, npi: str, tax_id: str) -> Site | None:
        """The site with that NPI, else the only one with that tax number."""
        with_tax = self._by_tax_id.get(tax_id.replace("-", ""), []) if tax_id else []
        return self._by_npi.get(npi) if npi in self._by_npi else with_tax[0] if len(with_tax) == 1 else None

    def of_provider(self, billing: Provider) -> Site | None:
        """The site that bills, or None."""
        return self.find(billing.npi, billing.tax_id)

    def create(self, billing: Provider) -> Site:
        """A site that no row has yet. Nobody works there until an administrator says so."""
        party, address = billing.party, billing.address
        name = f"{party.first} {party.name}".strip() or f"Site {billing.npi}"
        taken = set(Site.objects.values_list("name", flat=True))
        site = Site.objects.create(
            name=name[:80] if name[:80] not in taken else f"{name[:68]} {billing.npi}",
            code=f"s{billing.npi}"[:12],
            npi=billing.npi,
            tax_id=billing.tax_id.replace("-", "")[:9],
            taxonomy=billing.taxonomy[:10],
            address=address.line1[:80],
            city=address.city[:40],
            state=address.state[:2],
            zip_code=address.postal_code[:9],
        )
        record("created", site, site_id=site.pk)
        self._know(site)
        self.notes.append(
            f"Site {site.name} (NPI {site.npi}) is new and nobody works there yet: an administrator adds its people."
        )
        return site
