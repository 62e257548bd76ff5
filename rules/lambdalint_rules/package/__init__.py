"""LL5: packages and layers."""
