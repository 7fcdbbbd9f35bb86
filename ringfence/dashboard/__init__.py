"""What a market and each of its vaults look like, as pages."""
