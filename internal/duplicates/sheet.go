package duplicates

import (
	"context"
	_ "embed" // the names of columns
	"errors"
	"fmt"
	"os"
	"strings"

	"kartoteka.dev/internal/duplicates/matching"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/tabular"
)

//go:embed columns.txt
var columnNames string

// many are the fields several columns can fill.
var many = map[string]bool{"phone": true, "email": true, "other": true}

// columnFields are the fields a column can be, for the mapping imports do.
func columnFields() []imports.Field {
	var all []imports.Field
	for line := range strings.Lines(columnNames) {
		name, names, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		all = append(all, imports.Field{Name: name, Synonyms: strings.Split(names, ", "), Many: many[name]})
	}
	return all
}

// sheet is a spreadsheet read into memory: what its columns mean, and its rows.
type sheet struct {
	header  []string
	fields  []string // of each column; "" is not compared
	columns []imports.Column
	rows    [][]string
}

// readSheets reads spreadsheets with the same columns as one.
func readSheets(ctx context.Context, paths []string) (*sheet, error) {
	all := &sheet{}
	for _, path := range paths {
		if err := all.read(ctx, path); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	all.columns = imports.Suggest(columnFields(), all.header, all.rows)
	all.fields = make([]string, len(all.columns))
	for i, c := range all.columns {
		all.fields[i] = c.Field
	}
	return all, nil
}

func (s *sheet) read(ctx context.Context, path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	source, err := tabular.Open(f, info.Size(), info.Name(), tabular.Options{Header: tabular.HeaderYes})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if s.header == nil {
		s.header = source.Header
	} else if strings.Join(s.header, "\x00") != strings.Join(source.Header, "\x00") {
		return fmt.Errorf("its columns are %s; the first file has %s", strings.Join(source.Header, ", "), strings.Join(s.header, ", "))
	}
	for row, err := range source.Rows(ctx) {
		if err != nil {
			return err
		}
		if row.Problem != nil && !row.Problem.Usable {
			return fmt.Errorf("line %d cannot be read: %s", row.Problem.Line, row.Problem.Code)
		}
		s.rows = append(s.rows, row.Cells)
	}
	return nil
}

// record is what a row says, under the number of the row.
func (s *sheet) record(i int) matching.Record {
	r := matching.Record{ID: int64(i)}
	into := map[string]*string{
		"given": &r.Given, "family": &r.Family, "name": &r.Name, "number": &r.Address.Number, "line": &r.Address.Line, "extra": &r.Address.Extra,
		"city": &r.Address.City, "postcode": &r.Address.Postcode, "region": &r.Address.Region, "country": &r.Address.Country,
		"tax": &r.TaxID, "vat": &r.VATID,
	}
	lists := map[string]*[]string{"phone": &r.Phones, "email": &r.Emails, "other": &r.OtherIDs}
	for column, field := range s.fields {
		if column >= len(s.rows[i]) {
			break
		}
		value := strings.TrimSpace(s.rows[i][column])
		if value == "" {
			continue
		}
		switch {
		case into[field] != nil:
			*into[field] = value
		case lists[field] != nil:
			*lists[field] = append(*lists[field], value)
		case field == "born":
			r.Born = born(value, s.columns[column].Order)
		}
	}
	return r
}

// born writes a day of birth as eight digits; one that is no day stays as it
// is, since a slip can make one.
func born(value string, order tabular.DateOrder) string {
	if len(value) == 8 && strings.Trim(value, "0123456789") == "" {
		return value
	}
	day, reading := tabular.ParseDate(value, order)
	if reading == tabular.Unreadable || day == clock.Day(0) {
		return value
	}
	return fmt.Sprintf("%08d", day)
}

// column finds a column by its name, or -1.
func (s *sheet) column(name string) int {
	for i, h := range s.header {
		if strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) {
			return i
		}
	}
	return -1
}

// idColumn is the column that names the rows, or -1.
func (s *sheet) idColumn() int {
	for i, f := range s.fields {
		if f == "row" {
			return i
		}
	}
	return -1
}

func (s *sheet) cell(row, column int) string {
	if column < 0 || column >= len(s.rows[row]) {
		return ""
	}
	return strings.TrimSpace(s.rows[row][column])
}
