"""What the leanest comparable protocols take, for the table that `make gas` prints.

Measured on Anvil with the protocols' own compiler settings and the method of `operations.py`; a
protocol without contracts per user opens no vault, and nobody's collateral pays an owner's debt.
"""

PEERS = ("Morpho Blue", "Compound III", "Euler v2", "Aave v3.6")  # Morpho with its adaptive rates
GAS = {
    "open_vault": (0, 0, None, 0),
    "deposit_first": (71_271, 110_220, 136_265, 167_951),
    "deposit": (54_171, 72_390, 119_165, 126_338),
    "borrow_first": (93_035, 92_357, 211_056, 218_686),
    "borrow": (93_035, 92_686, 178_917, 198_459),
    "repay_partial": (87_257, 75_196, 141_276, 134_998),
    "repay_full": (87_476, 77_653, 136_674, 140_584),
    "withdraw_with_debt": (90_391, 87_360, 173_665, 182_877),
    "withdraw": (79_156, 72_458, 119_510, 135_530),
    "lender_deposit_first": (101_594, 92_064, 136_414, 167_927),
    "lender_deposit": (84_494, 75_892, 119_314, 126_314),
    "lender_withdraw": (85_732, 72_856, 134_179, 144_914),
    "liquidate_partial": (114_037, None, 285_044, 266_687),
    "liquidate_bad_debt": (112_356, None, 422_446, 269_393),
    "margin_of": (25_636, 27_220, 59_681, 86_759),
}
