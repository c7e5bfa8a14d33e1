package smoke

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
)

// TestABackupOnThePageAndItsReturn sets backups up, has one made while the
// server runs, and brings it back to another place.
func TestABackupOnThePageAndItsReturn(t *testing.T) {
	s := demoSite(t, "--backup-key", "seven quiet pears fell")
	admin := s.signedIn(staff(t, authz.Administrator))
	if a := admin.get("/settings/backup"); !strings.Contains(a.body, "No backups are made yet") {
		t.Errorf("the page before: %s", a)
	}
	if a := s.signedIn(staff(t, authz.Manager)).get("/settings/backup"); a.status < 400 {
		t.Errorf("a manager sees the page: %d", a.status)
	}
	for field, form := range map[string]url.Values{
		"folder": {"folder": {"here"}, "time": {"02:30"}, "days": {"7"}, "weeks": {"4"}},
		"time":   {"folder": {t.TempDir()}, "time": {"late"}, "days": {"7"}, "weeks": {"4"}},
		"days":   {"folder": {t.TempDir()}, "time": {"02:30"}, "days": {"0"}, "weeks": {"4"}},
	} {
		if a := admin.post("/settings/backup", form); a.status != 422 || !strings.Contains(a.body, `href="#f-`+field+`"`) {
			t.Errorf("a wrong %s: %s", field, a)
		}
	}
	folder := filepath.Join(t.TempDir(), "kept")
	if a := admin.post("/settings/backup", url.Values{"folder": {folder}, "time": {"02:30"}, "days": {"7"}, "weeks": {"4"}}); a.status != 303 {
		t.Fatalf("settings: %s", a)
	}
	if a := admin.post("/settings/backup/now", nil); a.status != 303 {
		t.Fatalf("now: %s", a)
	}
	made := awaitBackup(t, folder)
	for deadline := time.Now().Add(patience); !strings.Contains(admin.get("/settings/backup").body, filepath.Base(made)); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the page does not tell of the backup: %s", admin.get("/settings/backup"))
		}
	}
	before := s.command("export", "customers")
	s.stop()

	other := &site{T: t, store: []string{"--data", filepath.Join(t.TempDir(), "new"), "--backup-key", "seven quiet pears fell"}, addr: "127.0.0.1:0", said: &record{}}
	if said := other.command("restore", made); !strings.Contains(said, "Restored as of") || strings.Contains(said, "PROBLEM") {
		t.Errorf("restore said: %s", said)
	}
	if after := other.command("export", "customers"); after != before {
		t.Error("what came back differs from what was kept")
	}
	other.start()
	t.Cleanup(other.stop)
	if a := other.signedIn(staff(t, authz.Administrator)).get("/customers"); a.status != 200 {
		t.Errorf("the list after the return: %s", a)
	}
}

// awaitBackup waits for the first backup in a folder.
func awaitBackup(t *testing.T, folder string) string {
	t.Helper()
	for deadline := time.Now().Add(4 * patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(folder, "kartoteka-*.tar.zst.age")); len(found) > 0 {
			return found[0]
		}
	}
	entries, _ := os.ReadDir(folder)
	t.Fatalf("no backup is made: %v", entries)
	return ""
}
