"""Gives people access with MFA only: the same as ../yaml."""

import pulumi
import pulumi_aws_mfa as aws_mfa

people = aws_mfa.MfaAccess(
    "people",
    group_name="EngineersMFA",
    self_service_devices=aws_mfa.SelfServiceDevices.ENABLE,
    users=[{"name": "alice"}, {"name": "bob", "devices": ["phone", "backup"]}],
    roles=[
        {
            "name": "Deploy",
            "session_seconds": 7200,
            "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        }
    ],
)
aws_mfa.MfaUser("auditor", user_name="carol", group_name=people.group_name)

pulumi.export("group_arn", people.group_arn)
pulumi.export("profile", people.users["alice"].profile)
pulumi.export("devices", people.devices)
