package app

import (
	"context"
	"fmt"

	"kartoteka.dev/internal/platform/clock"
)

// demoPassword opens every account of the demo company; demo prints it.
const demoPassword = "paper and ink"

// demoSeed makes the demo company the same everywhere.
const demoSeed = 31

type demoCommand struct {
	serving
	Customers int    `help:"How many customers the invented company has." default:"300" placeholder:"N"`
	Histories int    `help:"How many of them have notes and files; all if negative." default:"-1" placeholder:"N"`
	Language  string `help:"Language the company works in: en, bg, ru, ka or pl." default:"en" enum:"en,bg,ru,ka,pl"`
	Only      bool   `help:"Make the company and stop; do not serve."`
}

// Run makes the demo company, unless the store has one already, and serves it.
func (d *demoCommand) Run(ctx context.Context, o *Options, s Streams) error {
	if o.Data == defaultData && o.DatabaseURL == "" {
		o.Data = defaultData + "-demo" // never among a company's own data
	}
	c, err := openCompany(ctx, o, s)
	if err != nil {
		return err
	}
	if !c.setUp(ctx) {
		_, _ = fmt.Fprintf(s.Err, "Making a company with %d customers…\n", d.Customers)
		c.close(ctx)
		if err := fillDemo(ctx, o, s, d); err != nil {
			return fmt.Errorf("the demo company cannot be made: %w", err)
		}
		if c, err = openCompany(ctx, o, s); err != nil {
			return err
		}
	}
	defer func() { c.close(context.WithoutCancel(ctx)) }()
	people := demoPeople(clock.System)
	if d.Only {
		return nil
	}
	return d.serve(ctx, o, c, func(address string) {
		_, _ = fmt.Fprintf(s.Out, `Kartoteka with a demo company is ready.

  Open       %s
  Sign in    %s   (administrator)
             %s   (account manager)
  Password   %s

Stop it with Ctrl+C. The data stays in %s.
`, address, people.administrator, people.manager, demoPassword, o.Data)
	})
}
