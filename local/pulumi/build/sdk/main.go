// A stand-in for the language hosts of Go and Python, which are not released as Go modules. Under either name it generates an SDK with the
// code of the official one; as the host of Go it also runs a compiled program.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	gocode "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	language string
	engine   string
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// The project's settings declare them.
func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) GeneratePackage(
	_ context.Context, request *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	client, err := schema.NewLoaderClient(request.LoaderTarget)
	if err != nil {
		return nil, err
	}
	loader := schema.NewCachedLoader(client)
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.Schema), &spec); err != nil {
		return nil, err
	}
	bound, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	var files map[string][]byte
	switch h.language {
	case "go":
		files, err = gocode.GeneratePackage("pulumi-language-go", bound, request.LocalDependencies)
	case "python":
		files, err = python.GeneratePackage("pulumi-language-python", bound, request.ExtraFiles, loader)
	default:
		err = fmt.Errorf("expected the language go or python, got %q", h.language)
	}
	if err != nil {
		return nil, err
	}
	for name, content := range files {
		path := filepath.Join(request.Directory, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return nil, err
		}
	}
	return &pulumirpc.GeneratePackageResponse{}, nil
}

func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	binary, ok := request.Info.Options.AsMap()["binary"].(string)
	if h.language != "go" || !ok {
		return nil, errors.New("expected a Go project with the option binary")
	}
	config, err := json.Marshal(request.Config)
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, binary)
	program.Dir = request.Info.ProgramDirectory
	program.Env = append(os.Environ(),
		pulumi.EnvOrganization+"="+request.Organization,
		pulumi.EnvProject+"="+request.Project,
		pulumi.EnvStack+"="+request.Stack,
		pulumi.EnvPulumiRootDirectory+"="+request.Info.RootDirectory,
		pulumi.EnvConfig+"="+string(config),
		pulumi.EnvConfigSecretKeys+"="+string(secretKeys),
		pulumi.EnvMonitor+"="+request.MonitorAddress,
		pulumi.EnvEngine+"="+h.engine,
		fmt.Sprintf("%s=%d", pulumi.EnvParallel, request.Parallel),
		fmt.Sprintf("%s=%t", pulumi.EnvDryRun, request.DryRun),
	)
	if output, err := program.CombinedOutput(); err != nil {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("%v\n%s", err, output)}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	_, language, _ := strings.Cut(filepath.Base(os.Args[0]), "pulumi-language-")
	// The last argument is the engine's address.
	served := &host{language: language, engine: os.Args[len(os.Args)-1]}
	server, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, served)
			return nil
		},
	})
	if err != nil {
		return err
	}
	// The engine reads the port from standard output.
	fmt.Println(server.Port)
	return <-server.Done
}
