package imports

import (
	"encoding/json"
	"strings"

	"kartoteka.dev/internal/platform/errs"
)

// encode writes values of our own as JSON; they cannot fail.
func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(text)
}

// readText reads a text for the person as writeText wrote it: whole numbers
// stay whole, because they choose plurals.
func readText(text string) (errs.Text, error) {
	var t errs.Text
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&t); err != nil {
		return t, errs.Wrap("imports.readText", err)
	}
	settle(t.Args)
	return t, nil
}

func writeText(t errs.Text) string { return encode(t) }

func readProblems(text string) ([]Problem, error) {
	var all []Problem
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		return nil, errs.Wrap("imports.readProblems", err)
	}
	for _, p := range all {
		settle(p.Text.Args)
	}
	return all, nil
}

func writeProblems(all []Problem) string {
	if len(all) == 0 {
		return "[]"
	}
	return encode(all)
}

func settle(args []any) {
	for i, a := range args {
		n, ok := a.(json.Number)
		if !ok {
			continue
		}
		if whole, err := n.Int64(); err == nil {
			args[i] = whole
		} else {
			args[i] = n.String()
		}
	}
}
