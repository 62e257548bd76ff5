"""The formats concise and json, the summary, the pages of rules."""

from __future__ import annotations

import json

from lambdalint.engine import all_rules
from lambdalint.finding import Confidence, Edit, Finding, Fix, Level, Related, Severity
from lambdalint.output import concise, json_report
from lambdalint.output.outcome import Outcome
from lambdalint.output.rule_page import rule_data, rule_list, rule_page
from lambdalint.output.text import Style, severities, statistics, summary, width
from lambdalint.source import Span

FINDING = Finding(
    "Orders is\nwrong",
    Span("src/app.py", 3, 4, 3, 9),
    (Related(Span("template.yaml", 7, 8, 7, 10), "the timeout"),),
    function="Orders",
    severity=Severity.WARNING,
    confidence=Confidence.LIKELY,
    level=Level.REGULAR,
    code="LL999",
    name="some-rule",
)


def text_of(outcome: Outcome) -> str:
    return "\n".join(json_report.lines(outcome))


def test_concise() -> None:
    assert list(concise.lines(Outcome([FINDING]))) == ["src/app.py:3:4: LL999 Orders is wrong"]
    assert list(concise.lines(Outcome([]))) == []
    assert list(concise.lines(Outcome([FINDING], style=Style(True)))) == [
        "\x1b[1msrc/app.py\x1b[0m:3:4: \x1b[1;33mLL999\x1b[0m Orders is wrong"
    ]


def test_json() -> None:
    silenced = [(Finding("m", Span("a", 1, 1, 1, 1), code="LL1", name="n"), "why")]
    report = json.loads(text_of(Outcome([FINDING], silenced=silenced, hidden=3, checked=4)))
    assert [(item["code"], item["reason"]) for item in report.pop("suppressed")] == [("LL1", "why")]
    assert report == {
        "version": 1,
        "diagnostics": [
            {
                "code": "LL999",
                "name": "some-rule",
                "severity": "warning",
                "confidence": "likely",
                "level": "regular",
                "message": "Orders is\nwrong",
                "path": "src/app.py",
                "line": 3,
                "column": 4,
                "end_line": 3,
                "end_column": 9,
                "function": "Orders",
                "resource": None,
                "url": "https://lambdalint.dev/rules/some-rule/",
                "related": [{"path": "template.yaml", "line": 7, "column": 8, "label": "the timeout"}],
                "fix": None,
            }
        ],
        "summary": {
            "findings": 1,
            "error": 0,
            "warning": 1,
            "info": 0,
            "suppressed": 1,
            "hidden": 3,
            "checked": 4,
        },
    }


def test_json_of_a_fix() -> None:
    item = Finding("m", Span("a", 1, 1, 1, 1), fix=Fix("Write b", (Edit(Span("a", 1, 1, 1, 2), "b"),), safe=True))
    assert json.loads(text_of(Outcome([item])))["diagnostics"][0]["fix"] == {
        "description": "Write b",
        "safe": True,
        "edits": [{"path": "a", "line": 1, "column": 1, "end_line": 1, "end_column": 2, "text": "b"}],
    }


def test_json_is_ascii() -> None:
    text = text_of(Outcome([Finding("é\udce9", Span("caf\udce9", 1, 1, 1, 1))]))
    assert text.isascii()
    assert json.loads(text)["diagnostics"][0]["message"] == "é\udce9"


def test_summary() -> None:
    counts = severities([FINDING, FINDING, Finding("x", FINDING.span, severity=Severity.ERROR)])
    assert summary(counts, 4, 5) == "Found 3 findings (1 error, 2 warnings, 0 notes); 4 suppressed, 5 hidden by level"
    assert summary(severities([]), 0, 1) == "No findings; 0 suppressed, 1 hidden by level"


def test_statistics() -> None:
    others = [Finding("x", FINDING.span, code=code, name="n") for code in ("LL2", "LL1", "LL3", "LL3")]
    assert statistics([FINDING, *others]) == [
        (2, "LL3", "n"),
        (1, "LL1", "n"),
        (1, "LL2", "n"),
        (1, "LL999", "some-rule"),
    ]


def test_width() -> None:
    assert [width(character) for character in "aé漢\u0301\u200bＡ"] == [1, 1, 2, 0, 0, 2]


def test_pages_of_all_rules() -> None:
    for rule in all_rules(()):
        for style in (Style(), Style(True)):
            page = list(rule_page(rule, style))
            assert rule.code in page[0] and rule.name in page[0]
            assert not any("```" in line for line in page)
        assert json.loads(json.dumps(rule_data(rule)))["sections"]["Why"]
    assert len(list(rule_list(all_rules(()), Style()))) == len(all_rules(()))
