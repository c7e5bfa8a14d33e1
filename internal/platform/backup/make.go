package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
)

// Source is what is kept.
type Source struct {
	DB      *db.DB
	Files   files.Store
	Version string // of this program
}

// Proof looks whether a restored database is sound: schema, journal, derived
// figures.
type Proof func(ctx context.Context, at db.Options) error

// Made is a finished, proved backup.
type Made struct {
	Path      string
	Bytes     int64
	Files     int // attached files in it
	At        time.Time
	Encrypted bool
}

// nameTime is the moment in the names of backups, UTC.
const nameTime = "20060102T150405Z"

func nameOf(at time.Time, key Key) string {
	name := "kartoteka-" + at.UTC().Format(nameTime) + ".tar.zst"
	if key.Locks() {
		name += ".age"
	}
	return name
}

// Make writes a backup to a file, or into a folder under a name with the time
// in it, and proves it. Nothing has the name before it is proved; a file that
// is there already is refused.
func Make(ctx context.Context, src Source, to string, key Key, prove Proof) (made Made, err error) {
	made = Made{Path: to, At: src.DB.Clock().Now().UTC().Truncate(time.Second), Encrypted: key.Locks()}
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		made.Path = filepath.Join(to, nameOf(made.At, key))
	}
	if _, err := os.Lstat(made.Path); !errors.Is(err, fs.ErrNotExist) {
		return made, fmt.Errorf("%s is there already; a backup never replaces another", made.Path)
	}
	scratch, err := makeScratch(src.DB)
	if err != nil {
		return made, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	part := made.Path + unfinished
	defer func() { _ = os.Remove(part) }() // finds nothing once it has its name
	if err := writeProved(ctx, src, &made, key, scratch, prove); err != nil {
		return made, err
	}
	if err := os.Rename(part, made.Path); err != nil {
		return made, fmt.Errorf("the backup cannot be written: %w", err)
	}
	return made, syncDir(filepath.Dir(made.Path))
}

// unfinished is the ending of a backup that is not proved yet.
const unfinished = ".part"

// scratchPrefix begins the folders in which the database is copied before it
// is packed: beside the database itself, so that it is nowhere less guarded.
const scratchPrefix = ".backup-"

// abandonedAfter is when the scratch of another backup was left by a crash.
const abandonedAfter = 24 * time.Hour

func makeScratch(d *db.DB) (string, error) {
	near := os.TempDir()
	if d.Path() != "" {
		near = filepath.Dir(d.Path())
	}
	left, _ := filepath.Glob(filepath.Join(near, scratchPrefix+"*")) // the pattern is well-formed
	for _, dir := range left {
		if info, err := os.Stat(dir); err == nil && d.Clock().Now().Sub(info.ModTime()) > abandonedAfter {
			_ = os.RemoveAll(dir)
		}
	}
	dir, err := os.MkdirTemp(near, scratchPrefix)
	if err != nil {
		return "", fmt.Errorf("there is no room for the copy that becomes the backup: %w", err)
	}
	return dir, nil
}

// writeProved writes the unfinished backup and restores it once.
func writeProved(ctx context.Context, src Source, made *Made, key Key, scratch string, prove Proof) error {
	recipients, proofKey, err := key.forProof()
	if err != nil {
		return err
	}
	part := made.Path + unfinished
	a, err := createArchive(part, recipients, made.At)
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	m := Manifest{Program: src.Version, Engine: src.DB.Engine(), Schema: db.NewestVersion()}
	if err := write(ctx, src, scratch, a, &m); err != nil {
		return err
	}
	made.Files = m.Files()
	if err := test(ctx, part, scratch, proofKey, src.DB.URL(), prove); err != nil {
		return fmt.Errorf("the backup was written, but could not be restored: %w", err)
	}
	info, err := os.Stat(part)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	made.Bytes = info.Size()
	return nil
}

func write(ctx context.Context, src Source, scratch string, a *archive, m *Manifest) error {
	if err := writeDatabase(ctx, src.DB, scratch, a, m); err != nil {
		return err
	}
	// Content comes before the transaction that refers to it and goes a day
	// after: what the database refers to is there now.
	err := src.Files.Walk(ctx, func(i files.Info) error {
		r, size, err := src.Files.Open(ctx, i.Hash)
		if errs.Is(err, errs.NotFound) {
			return nil // swept meanwhile
		}
		if err != nil {
			return err
		}
		return errors.Join(a.add(ctx, filesPrefix+i.Hash, size, r), r.Close())
	})
	if err != nil {
		return err
	}
	return a.finish(m)
}

func writeDatabase(ctx context.Context, d *db.DB, scratch string, a *archive, m *Manifest) error {
	if d.Engine() == db.Postgres {
		return exportPostgres(ctx, d, scratch, a, m)
	}
	copied := filepath.Join(scratch, db.FileName)
	if err := d.CopyTo(ctx, copied); err != nil {
		return err
	}
	if err := a.addFile(ctx, databasePrefix+db.FileName, copied); err != nil {
		return err
	}
	return os.Remove(copied)
}

// test restores a backup into a scratch place and has it proved.
func test(ctx context.Context, path, scratch string, key Key, url string, prove Proof) error {
	dir := filepath.Join(scratch, "test")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	m, err := unpack(ctx, path, key, unpacking{dir: dir, file: readOnly})
	if err != nil {
		return err
	}
	if m.Engine == db.SQLite {
		return prove(ctx, db.Options{Dir: dir})
	}
	schema, err := fillSchema(ctx, url, dir, m, prove)
	if err != nil {
		return err
	}
	return dropSchema(ctx, url, schema)
}

// readOnly reads an attached file, which is compared with its checksum.
func readOnly(_ context.Context, _ string, _ int64, r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
