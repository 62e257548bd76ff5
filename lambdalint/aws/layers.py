"""Layers: the folders in them that runtimes search, and the accounts that publish layers for everybody.

Sources, read in November 2026. Folders: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html. Accounts of
AWS: the layer ARNs of CloudWatch Lambda Insights, the AppConfig agent, and Parameters and Secrets as in aws-cdk-lib
2.275.0 (``region-info``); Powertools for AWS Lambda (https://docs.aws.amazon.com/powertools/); AWS Distro for
OpenTelemetry (https://aws-otel.github.io/docs/getting-started/lambda); AWS SDK for pandas
(https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html); the layers ``AWSLambda-Python…`` that the console
offers; CodeGuru Profiler (https://docs.aws.amazon.com/codeguru/latest/profiler-ug/python-lambda-layers.html); Lambda
Web Adapter (https://awslabs.github.io/aws-lambda-web-adapter/). Accounts of others: their own documentation or
repositories, and https://github.com/mthenw/awesome-layers.
"""

from __future__ import annotations

import re

from lambdalint.regex import regex

SEARCHED: dict[str, re.Pattern[str]] = {
    "python": regex(r"python/(?:lib/python(?P<version>\d\.\d+)/site-packages/|(?!lib/python\d))"),
    "nodejs": regex(r"nodejs/(?:node(?P<version>\d+)/)?node_modules/"),
}
"""What the path of a file in a layer begins with that a runtime of a language finds, where it is not for all versions
with the version."""

FOLDER = {"python": "python/", "nodejs": "nodejs/node_modules/"}
"""Where the libraries of a language belong."""

_ACCOUNTS = {
    "Amazon Web Services": (
        "000010852771 012438385374 015030872274 017000801446 027255383542 033019950311 039592058896 "
        "039612877180 041581134020 044395824272 066549572091 066940009817 069767869989 070087711984 "
        "080788657173 094274105915 122132214140 127562683043 129776340158 133256977650 133490724326 "
        "138526772879 142628438157 145023102084 152034782359 156041407956 157417159150 158895979263 "
        "165087284144 165093116878 176022468876 177933569100 187925254637 194566237122 198461476570 "
        "200266452380 203683718741 246107603503 249908578461 257394471194 258944054355 259788987135 "
        "263840725265 282860088358 285320876703 287114880934 287310001119 292169987271 307021474294 "
        "317013901791 325218067255 325793726646 336392948345 339249233099 345057560386 352183217350 "
        "359756378197 382066503313 399711857375 399727141365 406640652441 418787028745 420165488524 "
        "421114256042 427196147048 434848589818 439286490199 440179912924 440180067931 459530977127 "
        "468957933125 488211338238 489524808438 490004653786 490737872127 493207061005 498634801083 "
        "519774774795 524103009944 554480029851 556739011827 559955524753 574348263942 576959938190 "
        "580247275435 586093569114 590183865173 590474943231 593833071574 595944127152 605207715842 "
        "610118373846 615057806174 615084187847 615299751070 630222743974 631267018583 640010853179 "
        "642425348156 646970417810 662846165436 665172237481 668099181075 683298794825 706869817123 "
        "713881805771 727646510379 728743619870 732604637566 738900069198 739275441131 746669239226 "
        "751350123760 753240598075 758369105281 761018874580 761377655185 768336418462 772501565639 "
        "774444163449 778625758767 780235371811 796973505492 817496625479 826293736237 832021897121 "
        "839552336658 858974508948 879381266642 888577020596 891564319516 901920570463 904233096616 "
        "933737806257 938046470361 945386623051 946466191631 946561847325 946746059096 956415814219 "
        "958113053741 959311844005 961244031340 980059726660 980416031188 980921751758 982086096842 "
        "997803712105"
    ),
    "AppDynamics": ("338050622354"),
    "Bref": ("209497400698 403367587399 534081306603 873528684822"),
    "Datadog": ("002406178527 464622532012"),
    "Dynatrace": ("725887861453"),
    "Elastic": ("267093732750"),
    "HashiCorp": ("634166935893"),
    "IBM Instana": ("107998019096 410797082306"),
    "Klayers": ("770693421928"),
    "Lumigo": ("114300393969 724777057400"),
    "New Relic": ("451483290750"),
    "OpenTelemetry": ("184161586896"),
    "Sentry": ("943013980633"),
    "Splunk": ("254067382080"),
    "Sumo Logic": ("663229565520"),
    "Thundra": ("269863060030"),
}

PUBLISHERS = {account: name for name, accounts in _ACCOUNTS.items() for account in accounts.split()}
"""Who publishes layers from an account, by the account's id."""

PLACEHOLDERS = frozenset(
    ("123456789012", "111122223333", "444455556666", "000000000000", "012345678901", "999999999999")
)
"""Account ids of documentation, that stand for one that somebody has to put in."""
