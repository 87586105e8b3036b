"""Serves moto until standard input ends, so that it never outlives the process that started it.

Prints one line on standard output: "ready PORT", or "taken PORT" if the requested port is in use. Then it also waits for the end of
standard input, so that the line is read before the process ends.
"""

import os
import socket
import sys
from copy import copy
from threading import Lock

host = "127.0.0.1"
port = int(sys.argv[1])

if port != 0:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            print("taken", port, flush=True)
            sys.stdin.buffer.read()
            sys.exit(1)

from moto.core.responses import ActionResult  # noqa: E402  (slow to import: after the check)
from moto.iam import models  # noqa: E402
from moto.iam.responses import IamResponse  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

# moto does not support service-specific credentials.
IamResponse.list_service_specific_credentials = lambda self: ActionResult({"ServiceSpecificCredentials": []})

# Unlike AWS, moto rejects wildcards and NotAction when a trust policy is changed.
models.IAMTrustPolicyDocumentValidator.validate = lambda self: None

parse_aws_policies = models.IAMBackend._init_aws_policies
parsed = []


def init_aws_policies(backend):
    """moto parses AWS's 1,600 policies for each account and partition, and again at each reset. Here, once, for the one partition that is used."""
    if backend.partition != "aws":
        return []
    if not parsed:
        parsed.extend(parse_aws_policies(backend))
    # Each account counts its own attachments.
    return [copy(policy) for policy in parsed]


models.IAMBackend._init_aws_policies = init_aws_policies

get_details = models.IAMBackend.get_account_authorization_details


def get_details_in_use(backend, policy_filter):
    """Of AWS's own policies, AWS gives those that are attached. moto gives all: 6 MB."""
    details = get_details(backend, policy_filter)
    in_use = [
        policy
        for policy in details["managed_policies"]
        if policy.attachment_count > 0 or not isinstance(policy, models.AWSManagedPolicy)
    ]
    return {**details, "managed_policies": in_use}


models.IAMBackend.get_account_authorization_details = get_details_in_use

begin = models.User.__init__


def begin_with_id(user, *args, **kwargs):
    """A user's id begins with AIDA, as in AWS. Policies can test it as aws:userid."""
    begin(user, *args, **kwargs)
    user.id = "AIDA" + user.id[4:].upper()


models.User.__init__ = begin_with_id

# moto serves in threads, but its backends are not thread-safe: concurrent calls failed with HTTP 500.
one_at_a_time = Lock()
dispatch = DomainDispatcherApplication.__call__


def dispatch_in_turn(app, environ, start_response):
    with one_at_a_time:
        return dispatch(app, environ, start_response)


DomainDispatcherApplication.__call__ = dispatch_in_turn

server = ThreadedMotoServer(ip_address=host, port=port, verbose=True)
server.start()
print("ready", server.get_host_and_port()[1], flush=True)

sys.stdin.buffer.read()
os._exit(0)
