"""What a view tells a contract that asks it in a transaction, whose time is known exactly."""

from tests.steps import events


def ask(ecosystem, actor, sender, *questions):
    """The answers to questions, pairs of a view and its arguments, all asked in one block."""
    calls = [(view.contract.address, view.encode_input(*args)) for view, args in questions]
    told = events(actor.run(calls, sender=sender), actor.Acted)
    return [
        ecosystem.decode_returndata(view.abis[0], log.response)[0]
        if len(view.abis[0].outputs) == 1
        else ecosystem.decode_returndata(view.abis[0], log.response)
        for (view, _), log in zip(questions, told, strict=True)
    ]
