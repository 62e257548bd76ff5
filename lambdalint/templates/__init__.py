"""Templates: CloudFormation, SAM and CDK output, read into resources whose every value knows its place."""
