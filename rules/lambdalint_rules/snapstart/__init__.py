"""SnapStart, versions and cold starts."""
