"""Resolves CloudFormation templates as moto does. Each line of standard input is a template with its parameters, as JSON; for
each a line goes out with the properties of its resources, without those whose condition does not hold. Not a part of
moto's interface: the exact version is in requirements.txt."""

import json
import sys

from moto.cloudformation.parsing import ResourceMap, clean_json

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


def resolved(template, parameters, account, region):
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


for line in sys.stdin:
    print(json.dumps(resolved(**json.loads(line))), flush=True)
