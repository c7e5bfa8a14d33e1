package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
)

type importCommand struct {
	Kind    string            `arg:"" help:"What the rows are: customers."`
	File    string            `arg:"" help:"CSV, XLSX or vCard file." type:"existingfile"`
	Source  string            `help:"How these customers found us, for all rows that do not say." default:"" placeholder:"NAME"`
	Country string            `help:"Country of rows that do not say (ISO code)." placeholder:"CC"`
	Match   string            `help:"How to know a customer who is there already: none, external_id, name, email, phone." placeholder:"RULE"`
	OnMatch string            `help:"What to do then: update, skip or create." placeholder:"WHAT"`
	Map     map[string]string `help:"Where a column goes: --map 'Phone no.=phone'; 'new' makes a custom field, '' leaves it out." placeholder:"COLUMN=FIELD"`
	Fields  bool              `name:"new-fields" help:"Make custom fields for columns that have no place."`
	Dates   string            `help:"How to read dates such as 03/04/2026 where the values do not tell: dmy or mdy." placeholder:"ORDER" enum:",dmy,mdy,ymd" default:""`
	DryRun  bool              `help:"Count what would happen; change nothing."`
	Rejects string            `help:"Write the rows that were not taken, with reasons, to this CSV file." placeholder:"FILE"`
}

// options are what the flags say about all rows.
func (i importCommand) options() imports.Options {
	o := imports.Options{Match: imports.MatchRule(i.Match), OnMatch: imports.OnMatch(i.OnMatch), Defaults: map[string]string{}}
	if i.Source != "" {
		o.Defaults["source"] = i.Source
	}
	if i.Country != "" {
		o.Defaults["country"] = i.Country
	}
	return o
}

// Run brings in a file and prints what came of it.
func (i importCommand) Run(ctx context.Context, o *Options, s Streams) error {
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(context.WithoutCancel(ctx))
	if !c.setUp(ctx) {
		return errors.New("there is no company yet: start kartoteka serve and open it in a browser, or kartoteka demo")
	}
	ctx = c.inCompanyLanguage(authz.AsSystem(ctx, "kartoteka import"))
	run := imports.FileRun{Path: i.File, DryRun: i.DryRun}
	run.Kind, run.Mapping, run.NewFields = i.Kind, i.Map, i.Fields
	run.Options = i.options()
	if order, ok := imports.ParseOrder(i.Dates); ok {
		run.Dates = map[string]tabular.DateOrder{"": order}
	}
	done, err := c.imports.RunFile(ctx, run, func(at imports.Import) {
		_, _ = fmt.Fprintf(s.Err, "\r%d rows", at.Rows)
	})
	_, _ = fmt.Fprintln(s.Err)
	if err != nil {
		return err
	}
	if columns := done.Plan.Assumed(); len(columns) > 0 {
		_, _ = fmt.Fprintf(s.Err, "Dates such as 03/04/2026 were read day first in: %s. With --dates mdy they are read month first.\n", strings.Join(columns, ", "))
	}
	if i.Rejects != "" && done.Rejected > 0 {
		if err := c.writeRejects(ctx, done.ID, i.Rejects); err != nil {
			return err
		}
	}
	out := json.NewEncoder(s.Out)
	out.SetIndent("", "  ")
	return out.Encode(map[string]any{
		"id": done.ID, "state": done.State, "rows": done.Rows, "created": done.Created,
		"updated": done.Updated, "skipped": done.Skipped, "rejected": done.Rejected,
	})
}

func (c *company) writeRejects(ctx context.Context, id int64, path string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("the rejected rows cannot be written: %w", err)
	}
	return errors.Join(c.imports.WriteRejects(ctx, id, f, imports.CSV), f.Close())
}

type exportCommand struct {
	Kind   string `arg:"" help:"What to write: customers."`
	Filter string `help:"Only those that fit, as in country in (BG, GE) and tags has vip (docs/filters.md)." placeholder:"FILTER"`
	Format string `help:"csv or xlsx." default:"csv" enum:"csv,xlsx"`
	Output string `short:"o" help:"File to write to; standard output if left out." placeholder:"FILE"`
}

// Run writes a list out.
func (e exportCommand) Run(ctx context.Context, o *Options, s Streams) (err error) {
	if e.Kind != "customers" {
		return fmt.Errorf("there is nothing to export under %q; try: kartoteka export customers", e.Kind)
	}
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	defer c.close(context.WithoutCancel(ctx))
	out := s.Out
	if e.Output != "" {
		f, err := os.Create(e.Output)
		if err != nil {
			return fmt.Errorf("the file cannot be written: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	ctx = c.inCompanyLanguage(authz.AsSystem(ctx, "kartoteka export"))
	return c.exportCustomers(ctx, out, strings.TrimSpace(e.Filter), imports.Format(e.Format))
}

// inCompanyLanguage makes a command speak and read as the company does.
func (c *company) inCompanyLanguage(ctx context.Context) context.Context {
	return i18n.With(ctx, c.locale(ctx))
}
