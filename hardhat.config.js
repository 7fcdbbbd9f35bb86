// Read by ape-hardhat, which wants the mnemonic, path and count of ape-config.yaml here as literals.
process.env.HARDHAT_DISABLE_TELEMETRY_PROMPT = "true";

module.exports = {
  networks: {
    hardhat: {
      chainId: 31337,
      hardfork: "cancun",
      initialBaseFeePerGas: 0,
      accounts: {
        mnemonic: "test test test test test test test test test test test junk",
        path: "m/44'/60'/0'/0",
        count: 20,
        accountsBalance: "10000000000000000000000",
      },
    },
  },
};
