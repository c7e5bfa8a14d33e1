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

	"github.com/jackc/pgx/v5"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/files"
)

// Target is where a backup is restored to.
type Target struct {
	Dir     string      // the data folder
	URL     string      // PostgreSQL, if the backup is of it
	Files   files.Store // where attached files go; nil: the data folder
	Replace bool        // put what is there aside
	Clock   clock.Clock
}

// Restored says what a restore did.
type Restored struct {
	Manifest Manifest
	Aside    string // where what was there before is kept; empty if nothing was
}

// Restore brings a backup back. It refuses a target with data in it unless
// Replace is set. The backup is read, checked and proved beside the target;
// whatever fails, the target is as before.
func Restore(ctx context.Context, path string, key Key, to Target, prove Proof) (Restored, error) {
	if err := Finish(to.Dir); err != nil {
		return Restored{}, err
	}
	if err := to.ready(ctx); err != nil {
		return Restored{}, err
	}
	stamp := to.Clock.Now().UTC().Format(nameTime)
	staging := filepath.Join(to.Dir, "restoring-"+stamp)
	if err := os.MkdirAll(staging, 0o700); err != nil {
		return Restored{}, fmt.Errorf("the backup cannot be restored: %w", err)
	}
	defer func() { _ = os.RemoveAll(staging) }()
	store := to.Files
	if store == nil {
		own, err := files.OpenFolder(staging, to.Clock)
		if err != nil {
			return Restored{}, err
		}
		store = own
	}
	m, err := unpack(ctx, path, key, unpacking{dir: staging, file: putInto(store)})
	if err != nil {
		return Restored{}, err
	}
	done := Restored{Manifest: m}
	switch {
	case m.Engine == db.Postgres && to.URL == "":
		return done, errors.New("this backup is of PostgreSQL: name the database with --database-url")
	case m.Engine == db.SQLite && to.URL != "":
		return done, errors.New("this backup is of the embedded database: restore it without --database-url")
	case m.Engine == db.Postgres:
		done.Aside, err = to.swapPostgres(ctx, staging, stamp, m, prove)
	default:
		if err = prove(ctx, db.Options{Dir: staging}); err == nil {
			done.Aside, err = to.swapFolder(ctx, staging, stamp)
		}
	}
	return done, err
}

// putInto keeps an attached file; its checksum is compared by unpack.
func putInto(store files.Store) func(context.Context, string, int64, io.Reader) error {
	return func(ctx context.Context, hash string, size int64, r io.Reader) error {
		s, err := store.Put(ctx, r, files.Limits{Bytes: max(size, 1)})
		if err == nil && s.Hash != hash {
			err = fmt.Errorf("%w: the attached file %s has other contents", errDamaged, hash)
		}
		return err
	}
}

// ready tells early whether the target may be restored to: nobody is at work
// there, and there is no data unless it may be put aside.
func (t Target) ready(ctx context.Context) error {
	var found string
	var err error
	if t.URL != "" {
		found, err = t.readyPostgres(ctx)
	} else if path := filepath.Join(t.Dir, db.FileName); there(path) {
		found, err = t.Dir, db.Settle(ctx, path)
	}
	if err != nil {
		return err
	}
	if found == "" && t.URL == "" && t.Files == nil && there(filepath.Join(t.Dir, "files")) {
		found = t.Dir
	}
	if found != "" && !t.Replace {
		return fmt.Errorf("there is data in %s; with --replace it is put aside", found)
	}
	return nil
}

func (t Target) readyPostgres(ctx context.Context) (found string, err error) {
	err = withConn(ctx, t.URL, func(conn *pgx.Conn) error {
		if err := alone(ctx, conn); err != nil {
			return err
		}
		_, tables, err := present(ctx, conn)
		if tables > 0 {
			found = "the database"
		}
		return err
	})
	return found, err
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// swapPostgres restores beside the present schema. Attached files come first:
// they are named by their contents and harm nobody.
func (t Target) swapPostgres(ctx context.Context, staging, stamp string, m Manifest, prove Proof) (aside string, err error) {
	schema, err := fillSchema(ctx, t.URL, staging, m, prove)
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, dropSchema(context.WithoutCancel(ctx), t.URL, schema))
		}
	}()
	if t.Files == nil {
		if err := t.addFiles(ctx, staging); err != nil {
			return "", err
		}
	}
	at, err := time.Parse(nameTime, stamp)
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	return swapSchemas(ctx, t.URL, schema, at)
}

// addFiles puts the restored files among those that are there, which may serve
// the database that is put aside.
func (t Target) addFiles(ctx context.Context, staging string) error {
	from, err := files.OpenFolder(staging, t.Clock)
	if err != nil {
		return err
	}
	to, err := files.OpenFolder(t.Dir, t.Clock)
	if err != nil {
		return err
	}
	return from.Walk(ctx, func(i files.Info) error {
		r, size, err := from.Open(ctx, i.Hash)
		if err != nil {
			return err
		}
		return errors.Join(putInto(to)(ctx, i.Hash, size, r), r.Close())
	})
}
