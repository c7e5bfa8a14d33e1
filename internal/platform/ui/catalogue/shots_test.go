//go:build shots

package catalogue

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestShots takes pictures to look at:
//
//	SHOTS=dir go test -tags shots -run TestShots ./internal/platform/ui/catalogue
func TestShots(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Fatal("SHOTS names no folder")
	}
	url := serve(t, nil)
	ctx := browse(t)
	nothing := chromedp.Sleep(0)
	press := func(keys string) chromedp.Action[chromedp.Void] { return chromedp.KeyEvent(keys) }
	shots := []struct {
		name, path    string
		width, height int64
		full          bool
		before        chromedp.Action[chromedp.Void]
	}{
		{"list-en", "/list?theme=light", 1440, 900, false, nothing},
		{"list-ka-dark", "/list?lang=ka&theme=dark", 1440, 900, false, nothing},
		{"list-pl-1024", "/list?lang=pl&theme=light", 1024, 768, false, nothing},
		{"list-ru-768", "/list?lang=ru&theme=light", 768, 1024, false, nothing},
		{"list-ka-phone", "/list?lang=ka&theme=light", 390, 844, false, nothing},
		{"list-pl-phone-dark", "/list?lang=pl&theme=dark", 390, 844, false, nothing},
		{"menu-phone", "/list?lang=bg&theme=light#menu", 390, 844, false, nothing},
		{"list-compact", "/list?density=compact&theme=light", 1440, 900, false, chromedp.Steps(press("j"), press("x"))},
		{"drawer", "/list?theme=light&drawer=/settings/catalogue%23x", 1440, 900, false, nothing},
		{"palette", "/list?theme=light&lang=pl", 1440, 900, false, chromedp.Click(chromedp.CSS("[data-palette]"))},
		{"keys", "/list?theme=dark&lang=ru", 1440, 900, false, press("?")},
		{"menu", "/settings/catalogue?theme=light", 1440, 900, false, chromedp.Click(chromedp.CSS("#menus .menu summary"))},
		{"dialog", "/settings/catalogue?theme=dark", 1440, 900, false, chromedp.Click(chromedp.CSS("#menus [data-opens]"))},
		{"person", "/list?theme=light", 1440, 900, false, chromedp.Click(chromedp.CSS(".rail-user"))},
		{"all-en", "/settings/catalogue?theme=light", 1440, 900, true, nothing},
		{"all-ka-dark", "/settings/catalogue?lang=ka&theme=dark", 1440, 900, true, nothing},
		{"all-pl-phone", "/settings/catalogue?lang=pl&theme=light", 390, 844, true, nothing},
		{"bare-pl", "/bare?lang=pl&theme=light", 1024, 768, false, nothing},
		{"offline-ka", "/offline?lang=ka", 390, 844, false, nothing},
	}
	for _, s := range shots {
		do(ctx, t, s.name, chromedp.EmulateViewport(s.width, s.height), chromedp.Navigate(url+s.path), chromedp.Sleep(150*time.Millisecond), s.before, chromedp.Sleep(400*time.Millisecond))
		take := chromedp.CaptureScreenshot()
		if s.full {
			take = chromedp.FullScreenshot(100)
		}
		picture, err := chromedp.Run(ctx, take)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.name+".png"), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
