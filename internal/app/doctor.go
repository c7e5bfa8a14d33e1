package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/journal"
)

type doctorCommand struct {
	Repair bool `help:"Rebuild derived figures that differ from a recount."`
}

// errUnwell makes the command fail when something was found.
var errUnwell = errors.New("something is not as it should be; see above")

// Run checks everything that can be proved and says what it found.
func (d doctorCommand) Run(ctx context.Context, o *Options, s Streams) error {
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(ctx)
	well, err := c.examine(authz.AsSystem(ctx, "kartoteka doctor"), s.Out, d.Repair)
	if err == nil && !well {
		err = errUnwell
	}
	return err
}

// examine makes all checks and tells whether all is well.
func (c *company) examine(ctx context.Context, out io.Writer, repair bool) (well bool, err error) {
	well = true
	for _, check := range []func(context.Context, io.Writer) (bool, error){c.checkFile, c.checkSchema, c.checkJournal, func(ctx context.Context, out io.Writer) (bool, error) {
		return c.checkRollups(ctx, out, repair)
	}} {
		ok, err := check(ctx, out)
		if err != nil {
			return false, err
		}
		well = well && ok
	}
	return well, nil
}

// finding prints one line of the report.
func finding(out io.Writer, ok bool, what string) bool {
	mark := "ok     "
	if !ok {
		mark = "PROBLEM"
	}
	_, _ = fmt.Fprintf(out, "%s  %s\n", mark, what)
	return ok
}

// checkFile looks through the file of the embedded database.
func (c *company) checkFile(ctx context.Context, out io.Writer) (bool, error) {
	if c.db.Engine() == db.Postgres {
		return true, nil
	}
	damage, err := c.db.Damage(ctx)
	if err != nil {
		return false, err
	}
	ok := finding(out, len(damage) == 0, "database file: every page can be read")
	for _, line := range damage {
		_, _ = fmt.Fprintln(out, "          "+line)
	}
	return ok, nil
}

func (c *company) checkSchema(ctx context.Context, out io.Writer) (bool, error) {
	got, err := c.db.Schema(ctx)
	if err != nil {
		return false, err
	}
	if got == db.Snapshot() {
		return finding(out, true, fmt.Sprintf("schema: as version %d has it", db.NewestVersion())), nil
	}
	finding(out, false, "schema: differs from version "+fmt.Sprint(db.NewestVersion()))
	for _, line := range difference(db.Snapshot(), got) {
		_, _ = fmt.Fprintln(out, "          "+line)
	}
	return false, nil
}

// difference lists the lines only one of two sorted texts has.
func difference(want, got string) []string {
	has := func(text string) map[string]bool {
		m := map[string]bool{}
		for line := range strings.Lines(text) {
			m[strings.TrimSpace(line)] = true
		}
		return m
	}
	w, g := has(want), has(got)
	var lines []string
	for line := range w {
		if !g[line] {
			lines = append(lines, "missing: "+line)
		}
	}
	for line := range g {
		if !w[line] {
			lines = append(lines, "unknown: "+line)
		}
	}
	return lines
}

func (c *company) checkJournal(ctx context.Context, out io.Writer) (bool, error) {
	v, err := journal.Verify(ctx, c.db)
	if err != nil {
		return false, err
	}
	ok := finding(out, len(v.Broken) == 0, fmt.Sprintf("journal: %d entries hold in the chain, %d wait to be sealed, %d have lost their contents to an erasure", v.Sealed, v.Unsealed, v.Erased))
	for _, b := range v.Broken {
		_, _ = fmt.Fprintln(out, "          "+b)
	}
	return ok, nil
}

func (c *company) checkRollups(ctx context.Context, out io.Writer, repair bool) (bool, error) {
	words, err := c.customers.CheckWords(ctx)
	if err != nil {
		return false, err
	}
	wrong := words.Wrong + words.Lexicon
	if words.Writings {
		wrong++
	}
	if wrong == 0 {
		return finding(out, true, fmt.Sprintf("search words: those of %d customers equal a recount", words.Customers)), nil
	}
	if !repair {
		return finding(out, false, fmt.Sprintf("search words: %d differ from a recount; kartoteka doctor --repair rebuilds them", wrong)), nil
	}
	n, err := c.customers.RebuildWords(ctx)
	if err != nil {
		return false, err
	}
	return finding(out, true, fmt.Sprintf("search words: %d differed and were rebuilt", n)), nil
}
