"""Documents of a patient: brought, linked to what they are about, shown as pixels, sent along with a claim."""
