//go:build shots

package catalogue

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
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
	shots := []struct{ name, path, size string }{
		{"list-en", "/list?theme=light", "1440,900"},
		{"list-ka-dark", "/list?lang=ka&theme=dark", "1440,900"},
		{"list-pl-1024", "/list?lang=pl&theme=light", "1024,768"},
		{"list-compact", "/list?density=compact&theme=light", "1440,900"},
		{"all-en", "/settings/catalogue?theme=light", "1440,5200"},
		{"all-ka-dark", "/settings/catalogue?lang=ka&theme=dark", "1440,5400"},
		{"all-pl-phone", "/settings/catalogue?lang=pl&theme=light", "500,8200"},
		{"bare-pl", "/bare?lang=pl&theme=light", "1024,768"},
		{"offline-ka", "/offline?lang=ka", "1024,768"},
	}
	for _, s := range shots {
		cmd := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
			"--user-data-dir="+filepath.Join(t.TempDir(), "profile"), "--virtual-time-budget=3000",
			"--window-size="+s.size, "--screenshot="+filepath.Join(dir, s.name+".png"), url+s.path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", s.name, err, out)
		}
	}
}
