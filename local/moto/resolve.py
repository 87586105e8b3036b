"""Resolves CloudFormation templates with moto. Each input line has a template and its parameters as JSON; the output line has the
properties of its resources, except those whose condition is false. For a SAM template these are the trust policies of the roles that
AWS's transform creates. It uses moto's internals: requirements.txt has the exact version."""

import copy
import json
import logging
import os
import sys

from moto.cloudformation.parsing import ResourceMap, clean_json
from samtranslator.translator.transform import transform

NAMES = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
}


class Declared(ResourceMap):
    """Resolves a `Ref` to a named resource as AWS documents for its type. moto would create the resource, and has no groups."""

    def __getitem__(self, key):
        resource = self._resource_json_map.get(key, {})
        if resource.get("Type") not in NAMES:
            return super().__getitem__(key)
        name = clean_json(resource["Properties"][NAMES[resource["Type"]]], self)
        is_policy = resource["Type"] == "AWS::IAM::ManagedPolicy"
        return f"arn:aws:iam::{self._account_id}:policy/{name}" if is_policy else name


TRUST = "AssumeRolePolicyDocument"


class NoPolicies:
    """The ARNs of AWS's managed policies by name. The transform needs none here."""

    def load(self):
        return {}


def transformed(template, parameters, region):
    os.environ["AWS_DEFAULT_REGION"] = region
    whole = transform(copy.deepcopy(template), dict(parameters), NoPolicies())
    roles = {
        name: {**resource, "Properties": {TRUST: resource["Properties"][TRUST]}}
        for name, resource in whole["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    return {**whole, "Resources": roles}


def resolved(template, parameters, account, region):
    if "Transform" in template:
        template = transformed(template, parameters, region)
    stack = f"arn:aws:cloudformation:{region}:{account}:stack/example/1"
    known = Declared(stack, "example", parameters, {}, region, account, template, {})
    known.load_mapping()
    known.load_parameters()
    known.load_conditions()
    return {
        name: clean_json(resource.get("Properties", {}), known)
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or known.lazy_condition_map[resource["Condition"]]
    }


logging.disable(logging.WARNING)
for line in sys.stdin:
    print(json.dumps(resolved(**json.loads(line))), flush=True)
