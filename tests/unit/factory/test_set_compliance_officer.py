import ape

from tests.steps import ZERO, event


def test_names_another(factory, house, outsider):
    factory.set_compliance_officer(outsider, sender=house)

    assert factory.compliance_officer() == outsider.address


def test_logs_both(factory, house, officer, outsider):
    receipt = factory.set_compliance_officer(outsider, sender=house)

    assert event(receipt, factory.ComplianceOfficerChanged).event_arguments == {
        "previous_officer": officer.address,
        "new_officer": outsider.address,
    }


def test_leaves_the_office_empty(factory, house):
    factory.set_compliance_officer(ZERO, sender=house)

    assert factory.compliance_officer() == ZERO


def test_leaves_the_other_offices(factory, house, outsider):
    offices = ("owner", "risk_admin", "guardian", "compliance_officer")
    before = {office: getattr(factory, office)() for office in offices}

    factory.set_compliance_officer(outsider, sender=house)

    after = {office: getattr(factory, office)() for office in offices}
    assert after == before | {"compliance_officer": outsider.address}


def test_refuses_everybody_else(factory, risk_admin, guardian, officer, outsider):
    for stranger in (risk_admin, guardian, officer, outsider):
        with ape.reverts("ownership: not the owner"):
            factory.set_compliance_officer(stranger, sender=stranger)
