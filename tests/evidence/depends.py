"""What a figure depends on: the product, and the folder of the tests that judge it. Owns no state.

A promise that is loosened makes a better figure of the same pen: it is not the same figure then.
"""

PRODUCT = ("firmware", "protocol", "hardware", "host_controller")
_JUDGES = {
    "hazards_": "tests/hazards",
    "model_": "tests/safety_model",
    "fault_": "tests/fault_injection",
    "strokes_after_fault": "tests/fault_injection",
    "campaign_": "tests/campaign",
    "planted_": "tests/safety_selfcheck",
    "mutants_": "tests/mutation",
    "power_cut": "tests/power_cut",
    "fuzz_": "tests/fuzz",
    "soak_": "tests/endurance",
}


def folders(identity: str) -> tuple[str, ...]:
    """Folders that the figure `identity` is measured with."""
    judges = [folder for beginning, folder in _JUDGES.items() if identity.startswith(beginning)]
    return (*PRODUCT, *judges)
