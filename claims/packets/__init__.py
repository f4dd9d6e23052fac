"""The proof packet of a claim: who covers the patient, who pays first, what was decided, when we filed."""
