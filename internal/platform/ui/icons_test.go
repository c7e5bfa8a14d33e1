package ui_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/ui/icon"
)

// An icon that is named anywhere in the program is in the sprite.
func TestEveryIconIsInTheSprite(t *testing.T) {
	named := regexp.MustCompile(`(?:\bIcon:\s*|icon\.(?:Icon|Large)\()"([a-z0-9-]+)"`)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		source := strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
		if !source {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range named.FindAllSubmatch(text, -1) {
			if !icon.Known(string(m[1])) {
				t.Errorf("%s: icon %q is missing; add it to assets/icons.txt and build the assets", path, m[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
