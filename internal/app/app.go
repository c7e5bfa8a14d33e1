package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
)

// Streams are where a command reads and writes: results go to Out, everything
// else to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Run carries out one command line and gives the exit code: 0 when it is done,
// 1 when it failed, 2 when it was not understood.
func Run(ctx context.Context, args []string, getenv func(string) string, s Streams) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("kartoteka"),
		kong.Description("The customer file, the day planner and the numbers of a company, in one program."),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.Resolvers(environment(getenv)),
		kong.PostBuild(nameVariables),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s, &c.Options),
	)
	if err != nil {
		_, _ = fmt.Fprintln(s.Err, "kartoteka:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		_, _ = fmt.Fprintf(s.Err, "kartoteka: %v\nSee kartoteka --help.\n", err)
		return 2
	}
	if err := parsed.Run(); err != nil {
		_, _ = fmt.Fprintln(s.Err, "kartoteka:", explain(err))
		return 1
	}
	return 0
}

// variable is the environment variable of a flag: --database-url is
// KARTOTEKA_DATABASE_URL.
func variable(flag string) string {
	return "KARTOTEKA_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// environment lets every flag be given by its variable.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if v := getenv(variable(flag.Name)); v != "" {
			return v, nil
		}
		return nil, nil // kong's way to say "not given"
	})
}

// nameVariables tells of the variables in the help.
func nameVariables(k *kong.Kong) error {
	return kong.Visit(k.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && flag.Name != "help" {
			flag.Help += " [$" + variable(flag.Name) + "]"
		}
		return next(nil)
	})
}

// explain tells an error to the person at the keyboard, with its cause.
func explain(err error) string {
	text, ok := errs.TextOf(err)
	if !ok {
		return err.Error()
	}
	told := i18n.TIn(i18n.English, text.ID, text.Args...)
	for _, f := range errs.FieldsOf(err) {
		told += fmt.Sprintf("\n  %s: %s", f.Name, i18n.TIn(i18n.English, f.Text.ID, f.Text.Args...))
	}
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Err != nil {
		told += "\n  (" + e.Err.Error() + ")"
	}
	return told
}

// Main is what cmd/kartoteka calls.
func Main(ctx context.Context) int {
	return Run(ctx, os.Args[1:], os.Getenv, Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
