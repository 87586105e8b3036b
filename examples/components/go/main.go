// Gives people access with MFA only: the same as ../yaml.
package main

import (
	"example.com/pulumi-aws-mfa/sdk/go/awsmfa"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(access)
}

func access(ctx *pulumi.Context) error {
	people, err := awsmfa.NewMfaAccess(ctx, "people", &awsmfa.MfaAccessArgs{
		GroupName:          pulumi.String("EngineersMFA"),
		SelfServiceDevices: awsmfa.SelfServiceDevicesEnable,
		Users: []awsmfa.AccessUserArgs{
			{Name: "alice"},
			{Name: "bob", Devices: []string{"phone", "backup"}},
		},
		Roles: []awsmfa.AccessRoleArgs{{
			Name:              "Deploy",
			SessionSeconds:    pulumi.Int(7200),
			ManagedPolicyArns: []pulumi.StringInput{pulumi.String("arn:aws:iam::aws:policy/ReadOnlyAccess")},
		}},
	})
	if err != nil {
		return err
	}
	if _, err := awsmfa.NewMfaUser(ctx, "auditor", &awsmfa.MfaUserArgs{
		UserName:  pulumi.String("carol"),
		GroupName: people.GroupName,
	}); err != nil {
		return err
	}
	ctx.Export("groupArn", people.GroupArn)
	ctx.Export("profile", people.Users.MapIndex(pulumi.String("alice")).Profile())
	ctx.Export("devices", people.Devices)
	return nil
}
