package backup_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/backup"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/journal"
)

const passphrase = "twelve geese walk by"

// proof proves the chain of the journal, as the doctor does.
func proof(ctx context.Context, at db.Options) error {
	d, err := db.Open(ctx, at)
	if err != nil {
		return err
	}
	v, err := journal.Verify(ctx, d)
	if err == nil && len(v.Broken) > 0 {
		err = fmt.Errorf("broken: %v", v.Broken)
	}
	return errors.Join(err, d.Close())
}

// house is a store with something in it.
type house struct {
	*testing.T
	db    *db.DB
	files files.Store
	dir   string // of the files, and of the embedded database
	url   string
}

// eachHouse runs a test on both engines.
func eachHouse(t *testing.T, test func(h *house)) {
	t.Run("sqlite", func(t *testing.T) {
		d := dbtest.SQLite(t)
		test(newHouse(t, d, filepath.Dir(d.Path()), ""))
	})
	t.Run("postgres", func(t *testing.T) {
		url := dbtest.PostgresURL(t)
		d, err := db.Open(t.Context(), db.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		test(newHouse(t, d, t.TempDir(), url))
	})
}

func newHouse(t *testing.T, d *db.DB, dir, url string) *house {
	t.Helper()
	store, err := files.OpenFolder(dir, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, db: d, files: store, dir: dir, url: url}
	for i := range 40 {
		h.write(i)
	}
	for i := range 5 {
		text := strings.Repeat(fmt.Sprint("attached ", i, "\n"), 1000*i+1)
		if _, err := store.Put(t.Context(), strings.NewReader(text), files.Limits{Bytes: 1 << 20}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := journal.Seal(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return h
}

// write adds one entry to the journal.
func (h *house) write(n int) {
	h.Helper()
	ctx := authz.AsSystem(h.Context(), "test")
	err := h.db.Write(ctx, func(tx *db.Tx) error {
		_, err := journal.Write(ctx, tx, journal.Entry{
			Kind: "test.written", Subject: journal.Ref{Type: "test", ID: int64(n)},
			After: map[string]any{"text": "tab\there, line\nthere, \\N, „Иванов“ ივანოვი", "n": n},
		})
		return err
	})
	if err != nil {
		h.Error(err)
	}
}

func (h *house) make(to string, key backup.Key) backup.Made {
	h.Helper()
	made, err := backup.Make(h.Context(), backup.Source{DB: h.db, Files: h.files, Version: "test"}, to, key, proof)
	if err != nil {
		h.Fatal(err)
	}
	return made
}

// contents is what is in a database, as text that can be compared.
func contents(t *testing.T, at db.Options) string {
	t.Helper()
	d, err := db.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var all []string
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		all, err = db.All(t.Context(), tx, func(s db.Scanner) (string, error) {
			var id, at int64
			var kind string
			var after sql.NullString
			err := s.Scan(&id, &at, &kind, &after)
			return fmt.Sprint(id, at, kind, after.String), err
		}, `SELECT j.id, j.at, j.kind, p.after FROM platform_journal j LEFT JOIN platform_journal_payloads p ON p.entry_id = j.id ORDER BY j.id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

func filesIn(t *testing.T, dir string) string {
	t.Helper()
	store, err := files.OpenFolder(dir, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	n, size := 0, int64(0)
	err = store.Walk(t.Context(), func(i files.Info) error {
		n, size = n+1, size+i.Size
		return files.Verify(t.Context(), store, i.Hash)
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(n, " files, ", size)
}

// options name the house's own store; it must be closed first.
func (h *house) options() db.Options {
	if h.url != "" {
		return db.Options{URL: h.url}
	}
	return db.Options{Dir: h.dir}
}

func (h *house) key(text string) backup.Key {
	h.Helper()
	key, err := backup.ParseKey(text)
	if err != nil {
		h.Fatal(err)
	}
	return key
}

func TestEverythingComesBack(t *testing.T) {
	secret, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string][2]string{
		"open": {"", ""}, "passphrase": {passphrase, passphrase}, "recipient": {secret.Recipient().String(), secret.String()},
	} {
		t.Run(name, func(t *testing.T) {
			eachHouse(t, func(h *house) {
				made := h.make(h.TempDir(), h.key(keys[0]))
				if made.Files != 5 || made.Bytes == 0 || made.Encrypted != (name != "open") {
					h.Errorf("made %+v", made)
				}
				want, wantFiles := contents(h.T, h.options()), filesIn(h.T, h.dir)
				h.write(1000) // after the backup: gone when it is restored
				if err := h.db.Close(); err != nil {
					h.Fatal(err)
				}
				to := backup.Target{Dir: h.TempDir(), URL: h.url, Replace: h.url != "", Clock: clock.System}
				done, err := backup.Restore(h.Context(), made.Path, h.key(keys[1]), to, proof)
				if err != nil {
					h.Fatal(err)
				}
				at := db.Options{Dir: to.Dir, URL: to.URL}
				if got := contents(h.T, at); got != want {
					h.Errorf("restored:\n%.2000s\nwant:\n%.2000s", got, want)
				}
				if got := filesIn(h.T, to.Dir); got != wantFiles {
					h.Errorf("restored %s, want %s", got, wantFiles)
				}
				if h.url == "" {
					return
				}
				at.Schema = done.Aside
				if got := contents(h.T, at); !strings.Contains(got, `1000`) {
					h.Error("what was there before is not kept aside")
				}
			})
		})
	}
}

// TestNothingElseIsLeft looks for scratch places that stay.
func TestNothingElseIsLeft(t *testing.T) {
	eachHouse(t, func(h *house) {
		folder := h.TempDir()
		h.make(folder, backup.Key{})
		for _, dir := range []string{folder, h.dir} {
			entries, err := os.ReadDir(dir)
			if err != nil {
				h.Fatal(err)
			}
			for _, e := range entries {
				if strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), ".part") {
					h.Errorf("%s is left in %s", e.Name(), dir)
				}
			}
		}
		if h.url == "" {
			return
		}
		var n int
		err := h.db.Read(h.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(h.Context(), `SELECT COUNT(*) FROM pg_namespace WHERE nspname LIKE 'kartoteka_%'`).Scan(&n)
		})
		if err != nil || n > 0 {
			h.Errorf("%d schemas are left: %v", n, err)
		}
	})
}

func TestADamagedBackupChangesNothing(t *testing.T) {
	eachHouse(t, func(h *house) {
		made := h.make(h.TempDir(), backup.Key{})
		locked := h.make(h.TempDir(), h.key(passphrase))
		if err := h.db.Close(); err != nil {
			h.Fatal(err)
		}
		before, beforeFiles := contents(h.T, h.options()), filesIn(h.T, h.dir)
		whole, err := os.ReadFile(made.Path)
		if err != nil {
			h.Fatal(err)
		}
		refused := func(what, path string, key backup.Key) {
			h.Helper()
			to := backup.Target{Dir: h.dir, URL: h.url, Replace: true, Clock: clock.System}
			if _, err := backup.Restore(h.Context(), path, key, to, proof); err == nil {
				h.Errorf("%s: it was restored", what)
			}
			if contents(h.T, h.options()) != before || filesIn(h.T, h.dir) != beforeFiles {
				h.Fatalf("%s: the data has changed", what)
			}
		}
		for i := 1; i < 12; i++ {
			broken := bytes.Clone(whole)
			broken[len(broken)*i/12] ^= 0x55
			path := filepath.Join(h.TempDir(), "broken")
			if err := os.WriteFile(path, broken, 0o600); err != nil {
				h.Fatal(err)
			}
			refused(fmt.Sprint("a byte at ", i, "/12 is wrong"), path, backup.Key{})
			if err := os.WriteFile(path, whole[:len(whole)*i/12], 0o600); err != nil {
				h.Fatal(err)
			}
			refused(fmt.Sprint("cut at ", i, "/12"), path, backup.Key{})
		}
		refused("no key", locked.Path, backup.Key{})
		refused("wrong key", locked.Path, h.key("thirteen other geese"))
		bad := func(context.Context, db.Options) error { return errors.New("unwell") }
		to := backup.Target{Dir: h.dir, URL: h.url, Replace: true, Clock: clock.System}
		if _, err := backup.Restore(h.Context(), made.Path, backup.Key{}, to, bad); err == nil || contents(h.T, h.options()) != before {
			h.Errorf("a backup that is not sound: %v", err)
		}
	})
}

func TestDataIsNotOverwritten(t *testing.T) {
	eachHouse(t, func(h *house) {
		made := h.make(h.TempDir(), backup.Key{})
		to := backup.Target{Dir: h.dir, URL: h.url, Replace: true, Clock: clock.System}
		if _, err := backup.Restore(h.Context(), made.Path, backup.Key{}, to, proof); err == nil {
			h.Error("it was restored under those who are at work")
		}
		if err := h.db.Close(); err != nil {
			h.Fatal(err)
		}
		to.Replace = false
		if _, err := backup.Restore(h.Context(), made.Path, backup.Key{}, to, proof); err == nil {
			h.Error("data was replaced without being asked")
		}
	})
}

func TestAnInterruptedSwapIsCarriedOn(t *testing.T) {
	d := dbtest.SQLite(t)
	h := newHouse(t, d, filepath.Dir(d.Path()), "")
	made := h.make(t.TempDir(), backup.Key{})
	h.write(1000)
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	fresh := t.TempDir()
	if _, err := backup.Restore(t.Context(), made.Path, backup.Key{}, backup.Target{Dir: fresh, Clock: clock.System}, proof); err != nil {
		t.Fatal(err)
	}
	want := contents(t, db.Options{Dir: fresh})
	// As if the power had gone after the old file was put aside.
	for _, dir := range []string{"restoring-x", "before-x"} {
		if err := os.Mkdir(filepath.Join(h.dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(fresh, db.FileName), filepath.Join(h.dir, "restoring-x", db.FileName)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(h.db.Path(), filepath.Join(h.dir, "before-x", db.FileName)); err != nil {
		t.Fatal(err)
	}
	note := `{"from":"restoring-x","aside":"before-x","out":["kartoteka.db"],"in":["kartoteka.db"]}`
	if err := os.WriteFile(filepath.Join(h.dir, "restore.json"), []byte(note), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := backup.Finish(h.dir); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, db.Options{Dir: h.dir}); got != want {
		t.Error("the swap was not carried on")
	}
	if got := contents(t, db.Options{Dir: filepath.Join(h.dir, "before-x")}); !strings.Contains(got, "1000") {
		t.Error("what was there is not kept")
	}
	if err := backup.Finish(h.dir); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

// TestABackupUnderLoadIsOfOneMoment has pairs of entries written while backups
// are made: each backup holds both of a pair or none.
func TestABackupUnderLoadIsOfOneMoment(t *testing.T) {
	eachHouse(t, func(h *house) {
		ctx, stop := context.WithCancel(authz.AsSystem(h.Context(), "test"))
		var writers sync.WaitGroup
		var mu sync.Mutex
		var slowest time.Duration
		for writer := range 4 {
			writers.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					begun := time.Now()
					err := h.db.Write(ctx, func(tx *db.Tx) error {
						for range 2 {
							if _, err := journal.Write(ctx, tx, journal.Entry{Kind: "test.pair", Subject: journal.Ref{Type: "test", ID: int64(writer*1_000_000 + n)}}); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil && ctx.Err() == nil {
						h.Error(err)
					}
					mu.Lock()
					slowest = max(slowest, time.Since(begun))
					mu.Unlock()
				}
			})
		}
		var made []backup.Made
		for range 3 {
			made = append(made, h.make(filepath.Join(h.TempDir(), "under-load"), backup.Key{}))
		}
		stop()
		writers.Wait()
		h.Logf("slowest write during the backups: %v", slowest)
		if err := h.db.Close(); err != nil {
			h.Fatal(err)
		}
		for _, m := range made {
			to := backup.Target{Dir: h.TempDir(), URL: h.url, Replace: h.url != "", Clock: clock.System}
			if _, err := backup.Restore(h.Context(), m.Path, backup.Key{}, to, proof); err != nil {
				h.Fatal(err)
			}
			h.pairs(db.Options{Dir: to.Dir, URL: to.URL})
			time.Sleep(1100 * time.Millisecond) // what is put aside is named by the second
		}
	})
}

func (h *house) pairs(at db.Options) {
	h.Helper()
	d, err := db.Open(h.Context(), at)
	if err != nil {
		h.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	var all, halves int
	err = d.Read(h.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(h.Context(), `SELECT COUNT(*), COUNT(CASE WHEN n <> 2 THEN 1 END) FROM
			(SELECT subject_id, COUNT(*) AS n FROM platform_journal WHERE kind = 'test.pair' GROUP BY subject_id) pairs`).Scan(&all, &halves)
	})
	if err != nil || all == 0 || halves > 0 {
		h.Errorf("%d of %d pairs are halves: %v", halves, all, err)
	}
}

func TestKeys(t *testing.T) {
	for _, text := range []string{"short", "age1nonsense", "AGE-SECRET-KEY-1NONSENSE"} {
		if _, err := backup.ParseKey(text); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
	path := filepath.Join(t.TempDir(), "key")
	secret, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("# created: today\n# public key: "+secret.Recipient().String()+"\n"+secret.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if key, err := backup.ReadKey(path); err != nil || !key.Locks() {
		t.Errorf("key file: %v", err)
	}
}
