"""LL8: failures, state and what is seen of them."""
