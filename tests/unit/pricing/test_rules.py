"""What each jurisdiction has a tile print, from which day on, and by which text."""

from datetime import date

import pytest

from cloud_service.pricing.rules import JURISDICTIONS, rules_of

TODAY = date(2026, 6, 21)


def asked(jurisdiction: str, day: date = TODAY) -> set[str]:
    return {demand.asks for demand in rules_of(jurisdiction, day).demands}


@pytest.mark.parametrize("jurisdiction", sorted(JURISDICTIONS))
def test_every_demand_is_cited_and_asked_for_once(jurisdiction: str) -> None:
    demands = rules_of(jurisdiction, TODAY).demands
    assert all(demand.citation.strip() for demand in demands)
    assert len({demand.asks for demand in demands}) == len(demands)


@pytest.mark.parametrize("jurisdiction", sorted(JURISDICTIONS))
def test_every_rule_that_changes_an_amount_is_cited(jurisdiction: str) -> None:
    for rules in JURISDICTIONS[jurisdiction]:
        assert rules.cited["unit-price"]
        assert rules.prior == "regular" or rules.cited["prior"]
        assert rules.progressive == "never" or rules.cited["progressive"]
        assert rules.perishable == "low-30" or rules.cited["perishable"]
        assert rules.prior == "regular" or rules.cited["arrivals"]


@pytest.mark.parametrize("law", JURISDICTIONS.values(), ids=JURISDICTIONS)
def test_rules_follow_each_other_in_time(law: tuple[object, ...]) -> None:
    days = [getattr(rules, "since", None) for rules in law]
    assert days == sorted(days, key=str)
    assert len(set(days)) == len(days)


@pytest.mark.parametrize(
    ("jurisdiction", "asks", "day", "citation"),
    [
        ("HR", "reference", date(2025, 5, 15), "NN 75/2025"),
        ("HR", "prior", date(2022, 5, 28), "NN 19/2022"),
        ("FR", "prior", date(2022, 5, 28), "6a"),
        ("FR", "unit-price", date(2000, 3, 18), "98/6/EC"),
        ("DE", "deposit", date(2022, 5, 28), "PAngV § 7"),
        ("GB", "loyalty-unit-price", date(2026, 4, 6), "SI 2024/1055"),
    ],
)
def test_a_demand_holds_from_its_day_on(
    jurisdiction: str, asks: str, day: date, citation: str
) -> None:
    before = date.fromordinal(day.toordinal() - 1)
    assert asks not in asked(jurisdiction, before)
    demands = rules_of(jurisdiction, day).demands
    (demand,) = (demand for demand in demands if demand.asks == asks)
    assert citation in demand.citation


def test_great_britain_has_new_rules_from_6_april_2026() -> None:
    before, after = (rules_of("GB", date(2026, 4, day)) for day in (5, 6))
    assert {demand.asks for demand in before.demands} == {"unit-price"}
    assert "deposit" in {demand.asks for demand in after.demands}
    assert "SI 2024/1055" not in before.cited["unit-price"]
    assert "SI 2024/1055" in after.cited["unit-price"]


def test_only_croatia_asks_for_the_reference_price() -> None:
    assert {name for name in JURISDICTIONS if "reference" in asked(name)} == {"HR"}


def test_massachusetts_measures_tags_and_digits_in_inches() -> None:
    least = {demand.asks: demand.least_um for demand in rules_of("US-MA", TODAY).demands}
    assert (least["tag-height"], least["digit-height"]) == (25_400, 12_700)
    assert not {"tag-height", "digit-height"} & asked("US-NJ")


def test_where_no_state_is_known_nothing_is_asked_for() -> None:
    assert asked("US") == asked("US-TX") == set()
    assert asked("US-NJ") == {"unit-price"}


def test_northern_ireland_has_a_law_of_its_own() -> None:
    assert asked("GB-NIR") == {"unit-price"}
    assert asked("GB-SCT") == asked("GB")
    assert rules_of("GB-NIR", TODAY).cited["unit-price"] == "SR 2004/368 art. 13"


def test_a_jurisdiction_falls_back_to_its_country_and_then_to_the_united_states() -> None:
    assert rules_of("HR-21", TODAY) == rules_of("HR", TODAY)
    assert rules_of("US-TX", TODAY) == rules_of("US", TODAY) == rules_of("ZZ", TODAY)


def test_states_round_as_their_country_does_unless_they_say_otherwise() -> None:
    assert rules_of("US-MA", TODAY).rounding == rules_of("US", TODAY).rounding == "cents-tenth"
    assert rules_of("US-CT", TODAY).rounding == "three-digits"
    assert {rules_of(name, TODAY).prior for name in ("DE", "HR", "FR")} == {"low-30"}


def test_germany_and_croatia_use_switches_that_no_other_member_is_known_to_use() -> None:
    germany, croatia, france = (rules_of(name, TODAY) for name in ("DE", "HR", "FR"))
    assert (germany.progressive, germany.perishable) == ("always", "previous")
    assert germany.cited["progressive"] == "PAngV § 11(2)"
    assert germany.cited["perishable"] == "PAngV § 11(4) no. 2"
    assert (croatia.progressive, croatia.perishable) == ("clearance", "low-30")
    assert (france.progressive, france.perishable, france.arrivals) == ("never", "low-30", "none")
