import ape

from tests.steps import ZERO, event


def test_names_another(factory, house, outsider):
    factory.set_guardian(outsider, sender=house)

    assert factory.guardian() == outsider.address


def test_logs_both(factory, house, guardian, outsider):
    receipt = factory.set_guardian(outsider, sender=house)

    assert event(receipt, factory.GuardianChanged).event_arguments == {
        "previous_guardian": guardian.address,
        "new_guardian": outsider.address,
    }


def test_leaves_the_office_empty(factory, house):
    factory.set_guardian(ZERO, sender=house)

    assert factory.guardian() == ZERO


def test_leaves_the_other_offices(factory, house, outsider):
    offices = ("owner", "risk_admin", "guardian", "compliance_officer")
    before = {office: getattr(factory, office)() for office in offices}

    factory.set_guardian(outsider, sender=house)

    after = {office: getattr(factory, office)() for office in offices}
    assert after == before | {"guardian": outsider.address}


def test_refuses_everybody_else(factory, risk_admin, guardian, officer, outsider):
    for stranger in (risk_admin, guardian, officer, outsider):
        with ape.reverts("ownership: not the owner"):
            factory.set_guardian(stranger, sender=stranger)
