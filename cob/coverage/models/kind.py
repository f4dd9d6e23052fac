"""What a coverage is, in the words of the determination contract."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """What a coverage is, in the words of the determination contract."""

    EMPLOYER = "employer", "Employer plan"
    UNION = "union_multiemployer", "Union or multi-employer plan"
    FEHB = "fehb", "Federal employee plan"
    GOVERNMENT = "government_employer", "State or local government plan"
    INDIVIDUAL = "individual", "Individual policy"
    STUDENT = "student", "Student plan"
    MEDICARE = "medicare", "Medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage", "Medicare Advantage"
    MEDIGAP = "medigap", "Medigap"
    MEDICAID = "medicaid", "Medicaid"
    CHIP = "chip", "CHIP"
    TRICARE = "tricare", "TRICARE"
    TRICARE_SUPPLEMENT = "tricare_supplement", "TRICARE supplement"
    CHAMPVA = "champva", "CHAMPVA"
    CHAMPVA_SUPPLEMENT = "champva_supplement", "CHAMPVA supplement"
    VA = "va", "Veterans Affairs"
    IHS = "ihs", "Indian Health Service"
    TRIBAL = "tribal_self_funded", "Tribal self-funded plan"
    WORKERS_COMP = "workers_comp", "Workers' compensation"
    BLACK_LUNG = "black_lung", "Black lung program"
    NO_FAULT = "no_fault", "No-fault auto"
    MEDPAY = "medpay", "Medical payments (auto or home)"
    LIABILITY = "liability", "Liability"
    RYAN_WHITE = "ryan_white", "Ryan White"
    TITLE_V = "title_v", "Title V"
    CRIME_VICTIM = "crime_victim", "Crime victim fund"
    WTC = "wtc", "World Trade Center program"
    SCHOOL = "school_program", "School program"
    WIC = "wic", "WIC"
    PACE = "pace", "PACE"
    HRA = "hra", "Health reimbursement arrangement"
    FEDERAL_GRANT = "federal_grant", "Federal grant"
    ACCIDENT_ONLY = "accident_only", "Accident-only policy"
    FIXED_INDEMNITY = "fixed_indemnity", "Fixed indemnity policy"
    SPECIFIED_DISEASE = "specified_disease", "Specified disease policy"
    SHARING = "sharing_ministry", "Sharing ministry"
    DISCOUNT = "discount_card", "Discount card"


MEDICARE_KINDS = (Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE)
