package customersimport_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/tabular"
)

const rich = `name,kind,legal name,id,parent,phone,email,messenger,website,country,region,city,postcode,street,language,tax id,source,tags,contact,position,contact phone,birthday,Founded,Listed
Alfa,company,Alfa OOD,A1,,+359881234567; +48 601 234 567,a@alfa.example,@alfa,alfa.example,Bulgaria,Plovdiv,Asenovgrad,4230,"Main, 1",bg,123456789,Exhibition,metal; tools,Petar Petrov,head,0881234568,,1991-04-02,yes
Beta,person,,B1,Alfa,,b@beta.example,,,Poland,,Kraków,,,Polish,,Partner,,,,,1980-02-29,,no
=cmd,company,,C1,Alfa,,,,,Georgia,,თბილისი,,,,,,@risk,,,,,2001-12-31,
`

// TestExportComesBack writes customers in one language and reads the file into
// an empty Kartoteka in another; a second export is the same.
func TestExportComesBack(t *testing.T) {
	for _, format := range []imports.Format{imports.CSV, imports.XLSX} {
		t.Run(string(format), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				first := newWorld(t, d)
				first.counts(first.bring(rich, imports.FileRun{NewImport: imports.NewImport{NewFields: true}}), 3, imports.Counts{Created: 3})
				out := first.export(format, i18n.Georgian)

				second := newWorld(t, dbtest.SQLite(t))
				for _, f := range []fields.Question{
					{Words: fields.Words{Label: "Founded"}, Type: fields.Date}, {Words: fields.Words{Label: "Listed"}, Type: fields.YesNo},
				} {
					if _, err := second.target.AddField(second.ctx, imports.NewField{Label: f.Label, Type: imports.FieldType(f.Type)}); err != nil {
						t.Fatal(err)
					}
				}
				path := filepath.Join(t.TempDir(), "back."+string(format))
				if err := os.WriteFile(path, out, 0o600); err != nil {
					t.Fatal(err)
				}
				i, err := second.RunFile(second.ctx, imports.FileRun{Path: path, NewImport: imports.NewImport{Kind: "customers"}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				second.counts(i, 3, imports.Counts{Created: 3})
				if a, b := first.rows(out), second.rows(second.export(format, i18n.Georgian)); a != b {
					t.Errorf("came back otherwise:\n%s\n%s", a, b)
				}
			})
		})
	}
}

func (w *world) export(format imports.Format, lang i18n.Lang) []byte {
	w.t.Helper()
	var out bytes.Buffer
	ctx := i18n.With(w.ctx, i18n.Locale{Lang: lang})
	n, err := w.target.Export(ctx, customersimport.ExportQuery{Format: format}, &out)
	if err != nil || n != 3 {
		w.t.Fatalf("%d rows, %v", n, err)
	}
	return out.Bytes()
}

// rows is the content of a spreadsheet as text.
func (w *world) rows(file []byte) string {
	w.t.Helper()
	src, err := tabular.Open(bytes.NewReader(file), int64(len(file)), "back", tabular.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var b strings.Builder
	b.WriteString(strings.Join(src.Header, "|"))
	for row, err := range src.Rows(w.ctx) {
		if err != nil {
			w.t.Fatal(err)
		}
		b.WriteString("\n" + strings.Join(row.Cells, "|"))
	}
	return b.String()
}

func TestExportIsScopedAndPaged(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	var b strings.Builder
	b.WriteString("name\n")
	for i := range 2300 {
		b.WriteString("Rila " + strconv.Itoa(i) + "\n")
	}
	w.counts(w.bring(b.String(), imports.FileRun{}), 2300, imports.Counts{Created: 2300})
	var out bytes.Buffer
	pages := 0
	q := customersimport.ExportQuery{Columns: []string{"number", "name"}, OnPage: func(int64) { pages++ }}
	n, err := w.target.Export(w.ctx, q, &out)
	if err != nil || n != 2300 || pages != 3 {
		t.Errorf("%d rows in %d pages, %v", n, pages, err)
	}
	own := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1, Grants: map[string]authz.Level{
		"customers.view": authz.All, "customers.export": authz.Own,
	}})
	if n, err := w.target.Export(own, q, &out); err != nil || n != 0 {
		t.Errorf("nobody's customers went to somebody: %d, %v", n, err)
	}
	if _, err := w.target.Export(t.Context(), q, &out); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	q.Columns = []string{"salary"}
	if _, err := w.target.Export(w.ctx, q, &out); !errs.Is(err, errs.Invalid) {
		t.Errorf("an unknown column: %v", err)
	}
}
