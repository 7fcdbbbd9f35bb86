"""Segregated margin vaults."""
