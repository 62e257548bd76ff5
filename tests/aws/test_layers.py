"""The accounts that publish layers for everybody."""

from __future__ import annotations

from lambdalint.aws.layers import PLACEHOLDERS, PUBLISHERS


def test_accounts_have_the_form_of_accounts() -> None:
    assert all(len(account) == 12 and account.isdigit() for account in (*PUBLISHERS, *PLACEHOLDERS))
    assert PUBLISHERS["017000801446"] == PUBLISHERS["580247275435"] == "Amazon Web Services"
    assert not PLACEHOLDERS & PUBLISHERS.keys()
