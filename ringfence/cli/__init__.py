"""The commands: `ape run NAME` in this repository, `ringfence NAME` wherever it is installed."""
