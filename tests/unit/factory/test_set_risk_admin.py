import ape

from tests.steps import ZERO, event


def test_names_another(factory, house, outsider):
    factory.set_risk_admin(outsider, sender=house)

    assert factory.risk_admin() == outsider.address


def test_logs_both(factory, house, risk_admin, outsider):
    receipt = factory.set_risk_admin(outsider, sender=house)

    assert event(receipt, factory.RiskAdminChanged).event_arguments == {
        "previous_admin": risk_admin.address,
        "new_admin": outsider.address,
    }


def test_leaves_the_office_empty(factory, house):
    factory.set_risk_admin(ZERO, sender=house)

    assert factory.risk_admin() == ZERO


def test_leaves_the_other_offices(factory, house, outsider):
    offices = ("owner", "risk_admin", "guardian", "compliance_officer")
    before = {office: getattr(factory, office)() for office in offices}

    factory.set_risk_admin(outsider, sender=house)

    after = {office: getattr(factory, office)() for office in offices}
    assert after == before | {"risk_admin": outsider.address}


def test_refuses_everybody_else(factory, risk_admin, guardian, officer, outsider):
    for stranger in (risk_admin, guardian, officer, outsider):
        with ape.reverts("ownership: not the owner"):
            factory.set_risk_admin(stranger, sender=stranger)
