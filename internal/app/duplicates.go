package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"kartoteka.dev/internal/duplicates"
	"kartoteka.dev/internal/platform/clock"
)

type duplicatesCommand struct {
	Evaluate evaluateCommand `cmd:"" help:"Measure on a spreadsheet how well duplicates are found: kartoteka duplicates evaluate FILE --truth COLUMN."`
}

type evaluateCommand struct {
	Files  []string `arg:"" name:"file" help:"CSV or XLSX with names, addresses, phones …; several with the same columns are taken as one." type:"existingfile"`
	Truth  string   `help:"Which rows are one customer: a column with the same value in all of them; COLUMN:PATTERN, a regular expression whose group is that value; or a file whose first two columns are pairs of ids. Ids like rec-17-org and rec-17-dup-0 are understood." placeholder:"COLUMN|FILE"`
	Pairs  string   `help:"Write the pairs, with score and reasons, to this CSV file." placeholder:"FILE"`
	Format string   `help:"text or json." default:"text" enum:"text,json"`
}

// Run measures and prints; no database is opened.
func (e evaluateCommand) Run(ctx context.Context, s Streams) (err error) {
	t := duplicates.Trial{Files: e.Files, Truth: e.Truth, Clock: clock.System}
	if e.Pairs != "" {
		f, err := os.Create(e.Pairs)
		if err != nil {
			return fmt.Errorf("the pairs cannot be written: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		t.Pairs = f
	}
	got, err := duplicates.Evaluate(ctx, t)
	if err != nil {
		return err
	}
	if e.Format == "json" {
		out := json.NewEncoder(s.Out)
		out.SetIndent("", "  ")
		return out.Encode(got)
	}
	_, err = fmt.Fprintf(s.Out, `records          %8d
true pairs       %8d
candidate pairs  %8d
blocking recall  %8.4f
found pairs      %8d
correct pairs    %8d
precision        %8.4f
recall           %8.4f
F1               %8.4f
seconds          %8.2f
`, got.Records, got.True, got.Candidates, got.BlockingRecall, got.Found, got.Correct, got.Precision, got.Recall, got.F1, got.Seconds)
	return err
}
