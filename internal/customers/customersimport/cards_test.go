package customersimport_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/vcard"
)

var addressBook = strings.Join([]string{
	"BEGIN:VCARD", "VERSION:3.0", "FN:Ivan Petrov", "N:Petrov;Ivan;;;", "ORG:Rose Oil Ltd", "TITLE:Head of sales", "TEL;TYPE=CELL:+359 88 123 4567",
	"TEL;TYPE=WORK:+359 2 987 6543", "EMAIL:ivan@rose.example", "ADR;TYPE=WORK:;;1 Rose Street;Kazanlak;;6100;Bulgaria", "ADR;TYPE=HOME:;;2 Hill;Varna;;;Bulgaria",
	"BDAY:--0412", "CATEGORIES:vip,oil", "NOTE:met at the fair", "UID:urn:uuid:1", "END:VCARD",
	"BEGIN:VCARD", "VERSION:3.0", "FN:Maria Petrova", "ORG:Rose Oil Ltd", "TEL:+359 88 765 4321", "END:VCARD",
	"BEGIN:VCARD", "VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=9F=D1=91=D1=82=D1=80", "TEL;CELL:+48 601 234 567",
	"TEL;HOME:+48 601 234 568", "EMAIL:petr@one.example", "BDAY:19800229", "UID:77", "X-TELEGRAM:petr", "END:VCARD",
	"BEGIN:VCARD", "VERSION:4.0", "KIND:org", "FN:Beta", "TEL;VALUE=uri:tel:+995-555-12-34-56", "URL:https://beta.example", "UID:urn:uuid:8", "END:VCARD",
	"BEGIN:VCARD", "VERSION:4.0", "KIND:group", "FN:Friends", "MEMBER:urn:uuid:8", "END:VCARD",
}, "\r\n") + "\r\n"

// TestAddressBook brings in vCards without a word of how: the people of one
// organisation become its contacts.
func TestAddressBook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		path := filepath.Join(t.TempDir(), "book.vcf")
		if err := os.WriteFile(path, []byte(addressBook), 0o600); err != nil {
			t.Fatal(err)
		}
		bring := func() imports.Import {
			i, err := w.RunFile(w.ctx, imports.FileRun{Path: path, NewImport: imports.NewImport{Kind: "customers"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return i
		}
		i := bring()
		w.counts(i, 5, imports.Counts{Created: 3, Updated: 1, Rejected: 1})
		for _, c := range i.Plan.Columns {
			if c.Field == "" && c.Header != "Department" {
				t.Errorf("column %s goes nowhere", c.Header)
			}
		}
		all := w.list()
		rose, err := w.customers.FindCard(w.ctx, all["Rose Oil Ltd"].ID)
		if err != nil {
			t.Fatal(err)
		}
		if rose.Kind != customers.Organisation || rose.Country != "BG" || len(rose.Contacts) != 2 || len(rose.Addresses) != 2 || len(rose.Tags) != 2 {
			t.Errorf("%+v", rose)
		}
		ivan := rose.Contacts[0]
		if ivan.Name != "Ivan Petrov" || ivan.Position != "Head of sales" || len(ivan.Points) != 3 || ivan.Birthday != 412 {
			t.Errorf("%+v", ivan)
		}
		petr, err := w.customers.FindByExternalID(w.ctx, "import", "77")
		if err != nil || petr.Kind != customers.Person || petr.Name != "Пётр Иванов" || petr.Birthday != 19800229 {
			t.Errorf("%v %+v", err, petr)
		}
		if beta := all["Beta"]; beta.Kind != customers.Organisation || beta.Phone != "+995555123456" || beta.Website == "" {
			t.Errorf("%+v", beta)
		}
		touches, err := w.customers.WholeTimeline(w.ctx, rose.ID)
		if err != nil || !slices.ContainsFunc(touches, func(t customers.Touch) bool { return t.Note != nil && t.Note.Body == "met at the fair" }) {
			t.Errorf("%v %+v", err, touches)
		}
		var out strings.Builder
		if err := vcard.Write(&out, customersimport.Cards(rose)...); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		w.counts(bring(), 3, imports.Counts{Updated: 1, Skipped: 2}) // what is written comes back; the id is new
		if again, err := w.customers.FindCard(w.ctx, rose.ID); err != nil || len(again.Contacts) != 2 || len(again.Addresses) != 2 || len(again.Points) != len(rose.Points) {
			t.Errorf("%v\n%+v\n%+v", err, again, rose)
		}
		if err := os.WriteFile(path, []byte(addressBook), 0o600); err != nil {
			t.Fatal(err)
		}
		w.counts(bring(), 5, imports.Counts{Skipped: 4, Rejected: 1}) // nothing is new the second time
	})
}
