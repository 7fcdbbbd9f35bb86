"""How well an account has done, measured so that money paid in or out is neither gain nor loss."""
