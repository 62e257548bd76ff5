"""LL4: what a cold start costs, and what is done again although it was done before."""
