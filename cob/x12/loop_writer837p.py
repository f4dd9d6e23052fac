"""What several loops of the 837P share when they are written: SBR, CN1, providers, and the order inside a loop."""

from __future__ import annotations

from cob.x12.errors import X12Error
from cob.x12.fields import amount_text
from cob.x12.segment_writer import SegmentWriter
from cob.x12.t837p import Contract, Provider, Subscriber


class OrderedSegments(SegmentWriter):
    """The segments of one loop, poured out in the guide's order; those of one id keep the order they came in."""

    def __init__(self, order: tuple[str, ...]) -> None:
        """`order` is one of `loops837p.ORDER`."""
        super().__init__()
        self._order = order

    def carry(self, texts: tuple[str, ...]) -> None:
        """Segments carried over from the file that the claim was read from. Raises `X12Error` for a stranger."""
        for text in texts:
            segment_id = text.partition("*")[0]
            if segment_id not in self._order:
                expected = f"a segment of the loop that {self._order[0]} opens"
                raise X12Error(
                    segment_id=segment_id, found=segment_id, expected=expected, advice="it cannot be carried"
                )
            self.add_text(text)

    def pour_into(self, writer: SegmentWriter) -> None:
        """Hand everything to the writer of the whole file."""
        writer.extend(sorted(self.texts, key=lambda text: self._order.index(text.partition("*")[0])))


def write_sbr(writer: SegmentWriter, subscriber: Subscriber) -> None:
    """SBR, the same in 2000B and 2320."""
    plan = (subscriber.group_number, subscriber.plan_name, subscriber.msp_type)
    writer.add("SBR", subscriber.rank_code, subscriber.relationship, *plan, "", "", "", subscriber.filing_code)


def write_contract(writer: SegmentWriter, contract: Contract | None) -> None:
    """CN1, on the claim or on a line."""
    if contract:
        cents = contract.amount_cents
        writer.add("CN1", contract.type_code, "" if cents is None else amount_text(cents))


def write_provider(writer: SegmentWriter, provider: Provider) -> None:
    """A provider of the claim or of a line."""
    writer.name(provider.party)
    if provider.taxonomy:
        writer.add("PRV", "PE", "PXC", provider.taxonomy)
    write_below_name(writer, provider)


def write_below_name(writer: SegmentWriter, provider: Provider) -> None:
    """Address, references and contacts of a provider."""
    writer.address(provider.address)
    writer.references(provider.references)
    writer.contacts(provider.contacts)
