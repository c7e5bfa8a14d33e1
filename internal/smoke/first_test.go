package smoke

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/db/dbtest"
)

// The measure of "15 minutes from nothing to the first recorded contact": what
// must be clicked on the way.
const (
	clicksOfSetup   = 6
	clicksOfImport  = 8
	clicksOfContact = 3
)

func TestFirstStart(t *testing.T) {
	b := newSite(t).browse()
	b.setUp()
	if b.clicks > clicksOfSetup {
		t.Errorf("the guided run takes %d clicks, want at most %d", b.clicks, clicksOfSetup)
	}
	b.clicks = 0
	b.importCustomers()
	if b.clicks > clicksOfImport {
		t.Errorf("the import takes %d clicks, want at most %d", b.clicks, clicksOfImport)
	}
	b.until("all rows are in the list", `document.querySelectorAll('[data-row]').length === 8`)
	b.clicks = 0
	b.logContact("Rila Dairy", "Called; wants a price list for the spring")
	if b.clicks > clicksOfContact {
		t.Errorf("a contact takes %d clicks, want at most %d", b.clicks, clicksOfContact)
	}
	b.unitsHang()
}

func TestFirstStartOnPostgreSQL(t *testing.T) {
	b := siteAt(t, "--database-url", dbtest.PostgresURL(t), "--data", t.TempDir()).browse()
	b.setUp()
	b.importCustomers()
	b.until("all rows are in the list", `document.querySelectorAll('[data-row]').length === 8`)
	b.logContact("Kazbegi Springs", "Met at the fair in Batumi")
	if got := b.site.command("doctor"); got == "" {
		t.Error("doctor says nothing")
	}
}

// setUp goes through the guided run.
func (t *tab) setUp() {
	t.Helper()
	t.open("/")
	t.at("/setup")
	t.click(".btn-primary")
	t.fill("[name=company]:not([type=hidden])", "Rodopi Trading")
	t.choose("[name=country]", "BG")
	t.until("what follows from the country is suggested", `document.querySelector('[name=currency]').value === 'EUR' && document.querySelector('[name=zone]').value === 'Europe/Sofia'`)
	t.until("nothing typed is lost by that", `document.querySelector('[name=company]').value === 'Rodopi Trading' && document.readyState === 'complete'`)
	t.click(".btn-primary")
	t.until("the working days are asked for", `document.querySelectorAll('[name=day][type=checkbox]:checked').length === 5`)
	t.click(".btn-primary")
	t.fill("[name=admin_name]:not([type=hidden])", "Maria Petrova")
	t.fill("[name=admin_email]", "maria@example.com")
	t.fill("[name=admin_password]", demoPassword)
	t.click(".btn-primary")
	t.at("/setup/done")
}

// importCustomers brings the fixture in, from the end of the guided run to the
// list of what came of it.
func (t *tab) importCustomers() {
	t.Helper()
	t.click("a.btn-primary")
	t.at("/imports/new")
	file, err := filepath.Abs(filepath.Join("testdata", "customers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	t.do("drop the file", chromedp.SetUploadFiles(chromedp.CSS("[type=file]"), []string{file}))
	t.click(".btn-primary")
	t.until("the columns are mapped", `document.querySelector('[name=to-0]')`)
	for column, field := range map[int]string{0: "name", 1: "parent", 2: "country", 4: "phone", 5: "email"} {
		if got := run[string](t, fmt.Sprintf(`document.querySelector('[name=to-%d]').value`, column)); got != field {
			t.Errorf("column %d is taken for %q, want %q", column, got, field)
		}
	}
	t.choose("[name=to-6]", "tags")
	t.click("#columns-form .btn-primary")
	t.until("the rules are asked for", `document.querySelector('[name=match]')`)
	t.fill("[name=default-source-text]", "Exhibition")
	t.click("form[action$='/rules'] .btn-primary")
	t.until("the preview is there", `document.querySelector('form[action$="/start"]')`)
	t.sees("td", "Rila Dairy Plovdiv")
	t.click("form[action$='/start'] .btn-primary")
	t.until("the import is done", `document.querySelector('a.btn-primary[href^="/customers"]')`)
	t.click("a.btn-primary[href^='/customers']")
	t.at("/customers")
}

// logContact opens a customer from the list and records a call, which is what
// the composer stands on.
func (t *tab) logContact(customer, text string) {
	t.Helper()
	t.until("find the row", `[...document.querySelectorAll('[data-row] a')].some((e) => e.textContent.trim() === `+quoted(customer)+`)`)
	t.click("text=" + customer)
	t.sees("h1, #drawer-title", customer)
	t.fill(".composer [name=body]", text)
	t.click(".composer .btn-primary")
	t.sees(".timeline", text)
	t.until("the form is empty again", `document.querySelector('.composer [name=body]').value === ''`)
}

// unitsHang looks whether subsidiaries hang under their parent.
func (t *tab) unitsHang() {
	t.Helper()
	t.until("the units are there", `document.querySelectorAll('.tree a').length === 2`)
}
