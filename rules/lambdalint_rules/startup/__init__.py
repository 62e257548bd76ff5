"""LL1: handler, package and runtime agree, so that the function starts."""
