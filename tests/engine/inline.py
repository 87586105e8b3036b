"""Runs the program of this folder by the Automation API: `inline.py up [POLICY_PACK...]`, `inline.py preview` or `inline.py destroy`."""

import runpy
import sys

from pulumi import automation

operation, *packs = sys.argv[1:]
stack = automation.select_stack(
    stack_name="dev",
    project_name="team-access",
    program=lambda: runpy.run_path("__main__.py"),
    opts=automation.LocalWorkspaceOptions(work_dir="."),
)
if operation == "up":
    stack.up(policy_packs=packs, on_output=print)
elif operation == "preview":
    stack.preview(expect_no_changes=True, on_output=print)
elif operation == "destroy":
    stack.destroy(on_output=print)
else:
    sys.exit(f"Expected up, preview or destroy, got {operation}.")
