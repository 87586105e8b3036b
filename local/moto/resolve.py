"""Resolves CloudFormation templates as moto does. Each line of standard input is a template with its parameters, as JSON; for
each a line goes out with the properties of its resources, without those whose condition does not hold. Of a SAM template these
are the trust policies of the roles that AWS's own transform makes. Not a part of moto's interface: the exact version is in
requirements.txt."""

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
    """A `Ref` to a resource that has a name is what AWS documents for its type. moto would create it, and knows no groups."""

    def __getitem__(self, key):
        resource = self._resource_json_map.get(key, {})
        if resource.get("Type") not in NAMES:
            return super().__getitem__(key)
        name = clean_json(resource["Properties"][NAMES[resource["Type"]]], self)
        is_policy = resource["Type"] == "AWS::IAM::ManagedPolicy"
        return f"arn:aws:iam::{self._account_id}:policy/{name}" if is_policy else name


TRUST = "AssumeRolePolicyDocument"


class NoPolicies:
    """The ARNs of AWS's managed policies by their names, of which the transform asks for none here."""

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
