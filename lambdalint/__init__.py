"""lambdalint: finds what will break, loop, leak or cost money in an AWS Lambda project, before it is deployed."""

__version__ = "0.1.0"
