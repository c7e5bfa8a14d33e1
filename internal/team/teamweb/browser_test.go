package teamweb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web/webtest"
)

// chrome gives a browser and fails the test on any error a page writes to its
// console, among them every breach of the policy.
func chrome(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(webtest.Chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %v", e.ExceptionDetails)
		case *log.EventEntryAdded:
			if e.Entry.Source == log.EntrySourceSecurity {
				t.Errorf("the policy was broken: %s", e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return ctx
}

// run runs a script and waits for a condition to come true.
func run(ctx context.Context, t *testing.T, script, condition string) {
	t.Helper()
	ctx, stop := context.WithTimeout(ctx, 15*time.Second)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](script+";0")); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	for range 300 {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition)); err == nil && ok {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("after %s: %s did not come true", script, condition)
}

func fill(name, value string) string {
	return fmt.Sprintf("document.querySelector('[name=%q]').value = %q;", name, value)
}

const next = "document.querySelector('.btn-primary').click()"

func TestSetupAndRightsInABrowser(t *testing.T) {
	s := open(t, dbtest.SQLite(t), setting{})
	ctx := chrome(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(s.url+"/")); err != nil {
		t.Fatal(err)
	}
	run(ctx, t, "document.querySelector('[name=language][value=ka]').click()", "document.documentElement.lang === 'ka'")
	run(ctx, t, next, "!!document.querySelector('[name=company]:not([type=hidden])')")
	run(ctx, t, fill("company", "Rodopi")+"let c = document.querySelector('[name=country]'); c.value = 'PL'; c.dispatchEvent(new Event('change', {bubbles: true}))",
		"document.querySelector('[name=currency]').value === 'PLN' && document.querySelector('[name=company]').value === 'Rodopi'")
	run(ctx, t, next, "!!document.querySelector('[name=day][type=checkbox]')")
	run(ctx, t, next, "!!document.querySelector('[name=admin_password]')")
	run(ctx, t, fill("admin_name", "Maria")+fill("admin_email", "maria@example.com")+fill("admin_password", password)+next, "location.pathname === '/setup/done'")

	company, err := s.team.Settings(t.Context())
	if err != nil || company.Name != "Rodopi" || company.Language != i18n.Georgian || company.Zone != "Europe/Warsaw" {
		t.Fatalf("company %+v, %v", company, err)
	}

	run(ctx, t, "location = '/settings/rights'", "location.pathname === '/settings/rights' && document.readyState === 'complete' && !!document.querySelector('[name=\"right:manager:customers.view\"]')")
	time.Sleep(300 * time.Millisecond) // scripts are modules: they run after the page is there
	run(ctx, t, "let c = document.querySelector('[name=\"right:manager:customers.view\"]'); c.value = 'all'; c.dispatchEvent(new Event('change', {bubbles: true}))",
		"!!document.querySelector('.toast')")
	m, err := s.team.Rights(authz.AsSystem(t.Context(), "test"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range m.Permissions {
		for _, c := range row.Cells {
			if row.ID == "customers.view" && c.Role == authz.Manager && c.Level != authz.All {
				t.Errorf("the cell was not saved: %v", c)
			}
		}
	}
}
