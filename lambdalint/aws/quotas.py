"""Lambda's quotas and value ranges.

Unless said otherwise from the Lambda Developer Guide, page gettingstarted-limits (August to October 2026), together
with the API model in botocore 1.44.5 (2026-11-17) and the CloudFormation schemas of 2026-10-20.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

MAX_LAYERS = 5

MAX_UNZIPPED = 262_144_000
"""Bytes of a function's code with all its layers, unpacked: 250 MB."""

DEFAULT_TIMEOUT = 3
"""Seconds that a function may run where nothing sets its ``Timeout``."""

MAX_TIMEOUT = 900
"""Seconds that a function may run at most, but for those on Lambda Managed Instances."""

DEFAULT_MEMORY = 128
"""Megabytes of a function where nothing sets its ``MemorySize``."""

DEFAULT_CONCURRENCY = 1_000
"""How many functions run at the same time in an account and Region, unless AWS has raised the quota."""

UNRESERVED = 100
"""How much of that must stay for functions that reserve nothing (page configuration-concurrency)."""

MAX_TEMPLATE = 1_048_576
"""Bytes of a template in S3: 1 MB (CloudFormation User Guide, page cloudformation-limits, 2026).

A template that is passed directly may have 51,200. The archive that CloudFormation makes of inline code may have 4 MB
(same guide, property ``Code``), so the template ends first.
"""


class Range(Struct, frozen=True):
    """The numbers that a property may have. ``high`` is None where there is no limit.

    ``also`` is one more value that is fine, ``hint`` says what allows more, or what to do instead.
    """

    low: float
    high: float | None = None
    unit: str = ""
    also: float | None = None
    is_whole: bool = True
    hint: str = ""

    def allows(self, number: float) -> bool:
        """Whether a number is within the range."""
        if number == self.also:
            return True
        if self.is_whole and number != int(number):
            return False
        return self.low <= number and (self.high is None or number <= self.high)

    @property
    def text(self) -> str:
        """The range in words, with its unit."""
        also = f"{self.also:g} or " if self.also is not None else ""
        bounds = f"{self.low:,g} or more" if self.high is None else f"{self.low:,g} to {self.high:,.10g}"
        return f"{also}{bounds}{f' {self.unit}' if self.unit else ''}"


Path = tuple[str, ...]

_LONGER = "longer work fits Step Functions, a durable function or Lambda Managed Instances"

FUNCTION_RANGES: Mapping[Path, Range] = {
    ("Timeout",): Range(1, MAX_TIMEOUT, "s", hint=_LONGER),
    ("MemorySize",): Range(128, 10_240, "MB", hint="only Lambda Managed Instances have more"),
    ("EphemeralStorage", "Size"): Range(512, 10_240, "MB", hint="only Lambda Managed Instances have more"),
    ("ReservedConcurrentExecutions",): Range(0),
    ("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"): Range(1),
    ("EventInvokeConfig", "MaximumRetryAttempts"): Range(0, 2),
    ("EventInvokeConfig", "MaximumEventAgeInSeconds"): Range(60, 21_600, "s"),
    ("FunctionUrlConfig", "Cors", "MaxAge"): Range(0, 86_400, "s"),
    ("DurableConfig", "ExecutionTimeout"): Range(1, 31_622_400, "s"),
    ("DurableConfig", "RetentionPeriodInDays"): Range(1, 90, "days"),
    ("FunctionScalingConfig", "MinExecutionEnvironments"): Range(0, 15_000),
    ("FunctionScalingConfig", "MaxExecutionEnvironments"): Range(0, 15_000),
    ("CapacityProviderConfig", "PerExecutionEnvironmentMaxConcurrency"): Range(1, 1_600),
    ("CapacityProviderConfig", "ExecutionEnvironmentMemoryGiBPerVCpu"): Range(2, 8, "GiB", is_whole=False),
    (
        "CapacityProviderConfig",
        "LambdaManagedInstancesCapacityProviderConfig",
        "PerExecutionEnvironmentMaxConcurrency",
    ): Range(1, 1_600),
    (
        "CapacityProviderConfig",
        "LambdaManagedInstancesCapacityProviderConfig",
        "ExecutionEnvironmentMemoryGiBPerVCpu",
    ): Range(2, 8, "GiB", is_whole=False),
}
"""Of functions, by the path of the property; SAM's own properties among them."""

MANAGED_INSTANCES_RANGES: Mapping[Path, Range] = {
    ("Timeout",): Range(1, 5_400, "s on Managed Instances"),
    ("MemorySize",): Range(2_048, 32_768, "MB on Managed Instances"),
    ("EphemeralStorage", "Size"): Range(512, 32_768, "MB on Managed Instances"),
}
"""Of functions on Lambda Managed Instances (``CapacityProviderConfig``), where they differ.

The least memory is from the Developer Guide, page lambda-managed-instances-scaling. For so much storage an
accelerator (``AcceleratorConfig``) is needed as well.
"""

MAPPING_RANGES: Mapping[Path, Range] = {
    ("BatchSize",): Range(1, 10_000),
    ("MaximumBatchingWindowInSeconds",): Range(0, 300, "s"),
    ("ParallelizationFactor",): Range(1, 10),
    ("MaximumRecordAgeInSeconds",): Range(60, 604_800, "s", also=-1),
    ("MaximumRetryAttempts",): Range(-1, 10_000),
    ("TumblingWindowInSeconds",): Range(0, 900, "s"),
    ("ScalingConfig", "MaximumConcurrency"): Range(2, 1_000),
    ("ProvisionedPollerConfig", "MinimumPollers"): Range(1, 200),
    ("ProvisionedPollerConfig", "MaximumPollers"): Range(1, 10_000),
}
"""Of event source mappings, whatever their source; some sources allow less."""

RESOURCE_RANGES: Mapping[str, Mapping[Path, Range]] = {
    "AWS::Lambda::EventSourceMapping": MAPPING_RANGES,
    "AWS::Lambda::EventInvokeConfig": {
        ("MaximumRetryAttempts",): FUNCTION_RANGES["EventInvokeConfig", "MaximumRetryAttempts"],
        ("MaximumEventAgeInSeconds",): FUNCTION_RANGES["EventInvokeConfig", "MaximumEventAgeInSeconds"],
    },
    "AWS::Lambda::Url": {("Cors", "MaxAge"): FUNCTION_RANGES["FunctionUrlConfig", "Cors", "MaxAge"]},
    "AWS::Lambda::Alias": {("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"): Range(1)},
    "AWS::Lambda::Version": {("ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"): Range(1)},
}
"""Of the resources around a function, by type and path of the property."""

SAM_MAPPINGS = frozenset(("Kinesis", "DynamoDB", "SQS", "MSK", "MQ", "SelfManagedKafka", "DocumentDB"))
"""The types of SAM events that become event source mappings."""
