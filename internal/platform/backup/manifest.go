package backup

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/files"
)

// Names within the archive.
const (
	manifestName   = "manifest.json"
	databasePrefix = "database/"
	filesPrefix    = "files/"
)

// formatVersion is the newest layout of archives this program knows.
const formatVersion = 1

// Manifest says what is in a backup.
type Manifest struct {
	Format    int              `json:"format"`
	Made      time.Time        `json:"made"`    // the moment the data is of, UTC
	Program   string           `json:"program"` // version of Kartoteka
	Engine    db.Engine        `json:"engine"`
	Schema    int64            `json:"schema"`              // version of the database's schema
	Tables    []Table          `json:"tables,omitempty"`    // of PostgreSQL
	Sequences map[string]int64 `json:"sequences,omitempty"` // of PostgreSQL: the last number given
	Parts     []Part           `json:"parts"`
}

// Table is a table of PostgreSQL and the order of its columns.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Part is one file of the archive.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Files is the number of attached files.
func (m Manifest) Files() int {
	n := 0
	for _, p := range m.Parts {
		if strings.HasPrefix(p.Name, filesPrefix) {
			n++
		}
	}
	return n
}

var errDamaged = errors.New("the backup is damaged")

var databaseName = regexp.MustCompile(`^[a-z][a-z0-9_]*\.(db|copy)$`)

// knownName tells whether a part may be in an archive: nothing else is ever
// unpacked, wherever its name leads.
func knownName(name string) bool {
	if base, ok := strings.CutPrefix(name, databasePrefix); ok {
		return databaseName.MatchString(base)
	}
	hash, ok := strings.CutPrefix(name, filesPrefix)
	return ok && files.ValidHash(hash)
}

// check compares what was read with what should be there.
func (m Manifest) check(read []Part) error {
	if m.Format != formatVersion {
		return fmt.Errorf("the backup has format %d; this Kartoteka knows %d", m.Format, formatVersion)
	}
	if len(read) != len(m.Parts) {
		return fmt.Errorf("%w: it should have %d parts and has %d", errDamaged, len(m.Parts), len(read))
	}
	for i, want := range m.Parts {
		if read[i] != want {
			return fmt.Errorf("%w: %s is not as it was written", errDamaged, want.Name)
		}
		if hash, ok := strings.CutPrefix(want.Name, filesPrefix); ok && hash != want.SHA256 {
			return fmt.Errorf("%w: the attached file %s has other contents", errDamaged, hash)
		}
	}
	return nil
}
