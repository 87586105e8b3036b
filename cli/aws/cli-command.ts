// Commands of the AWS CLI, for messages that tell a person to run one.

export const deactivateDeviceCommand = (user: string, serial: string) =>
  `aws iam deactivate-mfa-device --user-name ${user} --serial-number ${serial}`;

export const deleteAccessKeyCommand = (user: string, id: string) =>
  `aws iam delete-access-key --user-name ${user} --access-key-id ${id}`;

export const accessKeyStatusCommand = (user: string, id: string, status: "Active" | "Inactive") =>
  `aws iam update-access-key --user-name ${user} --access-key-id ${id} --status ${status}`;
