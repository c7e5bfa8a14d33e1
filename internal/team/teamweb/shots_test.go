//go:build shots

package teamweb_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamweb"
)

// TestShots takes pictures to look at:
//
//	SHOTS=dir go test -tags shots -run TestShots ./internal/team/teamweb
func TestShots(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Fatal("SHOTS names no folder")
	}
	s := open(t, dbtest.SQLite(t), setting{records: map[string]teamweb.RecordFinder{"customer": records{1: {Name: "Acme", OwnerID: 1}}}})
	ctx := chrome(t)
	shot(ctx, t, filepath.Join(dir, "setup-1.png"), s.url+"/setup", 1440, 900)
	shot(ctx, t, filepath.Join(dir, "setup-2-ka.png"), s.url+"/setup?language=ka&step=company", 1440, 900)
	shot(ctx, t, filepath.Join(dir, "setup-3-pl-phone.png"), s.url+"/setup?language=pl&step=calendar&country=PL", 390, 844)
	shot(ctx, t, filepath.Join(dir, "setup-4-en.png"), s.url+"/setup?language=en&step=administrator&country=GB", 1024, 768)
	if _, err := s.team.Setup(t.Context(), answers()); err != nil {
		t.Fatal(err)
	}
	manager := s.person("Nino Maisuradze", "nino@example.com", authz.Manager)
	s.person("Piotr Kowalski", "piotr@example.com", authz.Supervisor, authz.Analyst)
	system := authz.AsSystem(t.Context(), "test")
	if _, err := s.team.CreateTeam(system, team.NamedTeam{Name: "Sofia office", HeadID: manager.ID}); err != nil {
		t.Fatal(err)
	}
	shot(ctx, t, filepath.Join(dir, "sign-in.png"), s.url+"/sign-in?lang=en", 1440, 900)
	shot(ctx, t, filepath.Join(dir, "sign-in-ka-phone.png"), s.url+"/sign-in?lang=ka", 390, 844)
	b := s.signedIn("maria@example.com")
	if err := chromedp.Do(ctx, chromedp.Navigate(s.url+"/sign-in?lang=en")); err != nil {
		t.Fatal(err)
	}
	run(ctx, t, fill("email", "maria@example.com")+fill("password", password)+next, "location.pathname === '/'")
	pages := []struct{ name, path string }{
		{"done", "/setup/done"}, {"settings", "/settings"}, {"company", "/settings/company"}, {"calendar", "/settings/calendar"},
		{"help", "/settings/help"}, {"lock", "/settings/maintenance"}, {"people", "/settings/people"}, {"invite", "/settings/people/new"},
		{"person", "/settings/people/2"}, {"teams", "/settings/teams"}, {"rights", "/settings/rights"}, {"tokens", "/settings/tokens"},
		{"profile", "/profile"}, {"why", "/why?permission=customers.view&customer=1"},
	}
	for _, p := range pages {
		shot(ctx, t, filepath.Join(dir, p.name+".png"), s.url+p.path, 1440, 900)
	}
	b.post("/profile", url.Values{"name": {"Maria Ivanova"}, "language": {"ka"}})
	b.post("/profile/looks", url.Values{"theme": {"dark"}})
	for _, p := range pages {
		shot(ctx, t, filepath.Join(dir, p.name+"-ka-dark-phone.png"), s.url+p.path, 390, 844)
	}
}

func shot(ctx context.Context, t *testing.T, file, address string, width, height int64) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		t.Fatal(err)
	}
}
