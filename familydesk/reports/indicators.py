"""Named indicators: shares by which the work is judged, and incidents beside those of the year before."""

from __future__ import annotations

from familydesk.core.i18n import N_
from familydesk.reports import applications, incidents
from familydesk.reports.figure import Share
from familydesk.reports.source import Section, Source
from familydesk.reports.table import Relation, Row, Table, rest_of

NO_BASE_YEAR = N_(
    "The Concept of family and gender policy wants registered violence against women and children to fall, and names "
    "no base year. A rise may also mean that more of it is reported."
)


def section(source: Source) -> Section:
    """The shares, and the comparison with the same days of the year before."""
    now, before = incidents.victims(source), incidents.victims(source.year_before())
    asked = applications.figures(source)
    shares = (
        ("THREAT_TO_LIFE", N_("Applications with a threat to life or health"), asked["threat"], asked["all"]),
        ("WITHOUT_IIN", N_("Applications of people without an IIN"), asked["without_iin"], asked["all"]),
        ("OTHER_REASON", N_("Applications with the reason “Other”"), asked["other_reason"], asked["all"]),
        ("REPEATED", N_("Repeated incidents"), now["repeated"], now["all"]),
    )
    compared = (
        (N_("Incidents in all"), "all"),
        (N_("Incidents with a woman as the victim"), "women"),
        (N_("Incidents with a child as the victim"), "children"),
        (N_("Repeated incidents"), "repeated"),
    )
    return Section(
        "indicators",
        N_("Indicators"),
        (
            Table(
                "shares",
                N_("Shares"),
                (N_("How many"), N_("Out of"), N_("Share")),
                tuple(Row(label, (part, whole, Share(part, whole)), name=name) for name, label, part, whole in shares),
                relations=tuple(Relation((whole,), (part, rest_of(part, whole))) for *_, part, whole in shares),
                stub=N_("Indicator"),
                names=("COUNT", "OUT_OF", "SHARE"),
            ),
            Table(
                "year_before",
                N_("Incidents beside the year before"),
                (N_("This period"), N_("The same days a year earlier")),
                tuple(Row(label, (now[key], before[key]), name=key.upper()) for label, key in compared),
                (NO_BASE_YEAR,),
                tuple(
                    Relation((then["all"],), (then[key], rest_of(then[key], then["all"])))
                    for then in (now, before)
                    for _, key in compared[1:]
                ),
                N_("Indicator"),
                ("THIS_PERIOD", "YEAR_BEFORE"),
            ),
        ),
    )
