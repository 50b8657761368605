"""Vocabularies that several sheets share."""

from __future__ import annotations

import enum

from familydesk.core.i18n import N_


class DestinationKind(enum.Enum):
    """Bodies that a family is referred to, and that the directory of organisations holds."""

    POLICE = N_("Police")
    JUVENILE_POLICE = N_("Juvenile police")
    PROSECUTOR = N_("Prosecutor")
    HEALTH = N_("Health organisation")
    FORENSIC = N_("Forensic examination")
    EDUCATION = N_("Education department or school")
    GUARDIANSHIP = N_("Guardianship body")
    JUVENILE_COMMISSION = N_("Juvenile commission")
    SOCIAL_PROGRAMS = N_("Employment and social programs")
    CAREER_CENTER = N_("Career center")
    CRISIS_CENTER = N_("Crisis or adaptation center")
    FAMILY_CENTER = N_("Family support center")
    NGO = N_("Non-governmental organisation")
    LEGAL_AID = N_("Legal aid")
    COURT = N_("Court")
    NOTARY = N_("Notary")
    BAILIFF = N_("Private bailiff")
    MEDIATOR = N_("Mediator")
    HOUSING = N_("Housing department")
    PUBLIC_SERVICES = N_("Public service center")
    MIGRATION = N_("Migration police")
    PROBATION = N_("Probation service")
    HELPLINE_111 = N_("Contact center 111")
    OMBUDSMAN = N_("Ombudsman for children's rights")
    OTHER = N_("Other")


class LegalException(enum.Enum):
    """Processing without consent (Law on Personal Data, Art 9)."""

    THREAT_TO_LIFE = N_("Threat to life or health")
    CHILD_REPORT = N_("Mandatory report about a child")
    COURT_OR_POLICE = N_("Request of a court or the police")
    STATISTICS = N_("Depersonalised statistics")
    OTHER_LAW = N_("Another law")
