/**
 * A known path of privilege escalation. Sources: Rhino Security Labs, "AWS IAM Privilege Escalation: Methods and Mitigation"; Bishop
 * Fox, "IAM Vulnerable"; Datadog, "Pathfinding.cloud".
 */
export interface Path {
  readonly actions: readonly [string, ...string[]];
  /** With `iam:PassRole`: the service that the role is passed to. */
  readonly passedTo?: string;
  /**
   * The resources on which it must be allowed. `anything`: it writes a policy, a boundary or a membership, on any resource. `others`: it
   * takes over a user or a role, which may be known. `many`: it runs code with the roles of existing resources.
   */
  readonly on: "anything" | "others" | "many";
}

const WRITES_POLICIES = [
  "iam:AttachGroupPolicy iam:AttachRolePolicy iam:AttachUserPolicy iam:PutGroupPolicy iam:PutRolePolicy iam:PutUserPolicy",
  "iam:CreatePolicyVersion iam:SetDefaultPolicyVersion iam:AddUserToGroup iam:UpdateAssumeRolePolicy",
  "iam:DeleteRolePermissionsBoundary iam:DeleteUserPermissionsBoundary",
  "iam:PutRolePermissionsBoundary iam:PutUserPermissionsBoundary",
].flatMap((line) => line.split(" "));

const TAKES_OVER = [
  "sts:AssumeRole",
  "sts:AssumeRoot",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
];

/** Services that run code with a role that is passed to them. */
const PASSES: readonly (readonly [service: string, actions: string])[] = [
  ["ec2", "ec2:RunInstances"],
  ["ec2", "ec2:AssociateIamInstanceProfile"],
  ["ec2", "ec2:RequestSpotInstances"],
  ["lambda", "lambda:CreateFunction lambda:InvokeFunction"],
  ["lambda", "lambda:CreateFunction lambda:CreateEventSourceMapping"],
  ["lambda", "lambda:CreateFunction lambda:AddPermission"],
  ["lambda", "lambda:CreateFunction lambda:CreateFunctionUrlConfig"],
  ["ecs-tasks", "ecs:RegisterTaskDefinition ecs:RunTask"],
  ["ecs-tasks", "ecs:RegisterTaskDefinition ecs:StartTask"],
  ["ecs-tasks", "ecs:RegisterTaskDefinition ecs:CreateService"],
  ["ecs-tasks", "ecs:RegisterTaskDefinition ecs:UpdateService"],
  ["cloudformation", "cloudformation:CreateStack"],
  ["cloudformation", "cloudformation:UpdateStack"],
  ["cloudformation", "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet"],
  ["cloudformation", "cloudformation:CreateStackSet cloudformation:CreateStackInstances"],
  ["cloudformation", "cloudformation:UpdateStackSet"],
  ["codebuild", "codebuild:CreateProject codebuild:StartBuild"],
  ["codebuild", "codebuild:CreateProject codebuild:StartBuildBatch"],
  ["codebuild", "codebuild:UpdateProject codebuild:StartBuild"],
  ["glue", "glue:CreateDevEndpoint"],
  ["glue", "glue:CreateJob glue:StartJobRun"],
  ["glue", "glue:CreateJob glue:CreateTrigger"],
  ["glue", "glue:UpdateJob glue:StartJobRun"],
  ["glue", "glue:UpdateJob glue:CreateTrigger"],
  ["glue", "glue:CreateSession glue:RunStatement"],
  ["sagemaker", "sagemaker:CreateNotebookInstance"],
  ["sagemaker", "sagemaker:CreateTrainingJob"],
  ["sagemaker", "sagemaker:CreateProcessingJob"],
  [
    "datapipeline",
    "datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline",
  ],
  ["states", "states:CreateStateMachine states:StartExecution"],
  ["states", "states:UpdateStateMachine states:StartExecution"],
  ["scheduler", "scheduler:CreateSchedule"],
  ["ssm", "ssm:StartAutomationExecution"],
  ["tasks.apprunner", "apprunner:CreateService"],
  ["build.apprunner", "apprunner:CreateService"],
  ["batch", "batch:RegisterJobDefinition batch:SubmitJob"],
  ["elasticmapreduce", "elasticmapreduce:RunJobFlow"],
  [
    "bedrock-agentcore",
    "bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
  ],
];

/** Run code with the roles of existing resources. */
const RUNS_CODE = [
  "lambda:UpdateFunctionCode",
  "ssm:SendCommand",
  "ssm:StartSession",
  "ec2-instance-connect:SendSSHPublicKey",
  "ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances",
  "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
  "ecs:ExecuteCommand",
  "cloudformation:UpdateStack",
  "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
  "codebuild:UpdateProject codebuild:StartBuild",
  "codebuild:StartBuild",
  "codebuild:StartBuildBatch",
  "apprunner:UpdateService",
  "bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
  "glue:UpdateDevEndpoint",
  "glue:UpdateJob glue:StartJobRun",
  "sagemaker:CreatePresignedNotebookInstanceUrl",
  "sagemaker:UpdateNotebookInstance sagemaker:CreateNotebookInstanceLifecycleConfig sagemaker:StopNotebookInstance sagemaker:StartNotebookInstance",
  "states:UpdateStateMachine states:StartExecution",
];

/** The most direct first. */
export const PATHS: readonly Path[] = [
  ...WRITES_POLICIES.map((action): Path => ({ actions: [action], on: "anything" })),
  ...TAKES_OVER.map((action): Path => ({ actions: [action], on: "others" })),
  ...PASSES.map(([service, actions]): Path => {
    return {
      actions: ["iam:PassRole", ...actions.split(" ")],
      passedTo: `${service}.amazonaws.com`,
      on: "others",
    };
  }),
  ...RUNS_CODE.map((actions): Path => {
    const [first = "", ...more] = actions.split(" ");
    return { actions: [first, ...more], on: "many" };
  }),
];
