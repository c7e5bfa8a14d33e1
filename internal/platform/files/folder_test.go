package files

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

func newFolder(t *testing.T) place {
	dir, now := t.TempDir(), clock.Fixed(start)
	f, err := OpenFolder(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	return place{
		Store: f, clock: now,
		damage: func(t *testing.T, hash string, content []byte) {
			path := f.path(hash)
			if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, content, 0o600)); err != nil {
				t.Fatal(err)
			}
		},
		count: func(t *testing.T) int { return countFiles(t, dir) },
	}
}

func countFiles(t *testing.T, dir string) int {
	n := 0
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// brokenDisk is a file on a disk that fails after some bytes, or when asked to
// make sure.
type brokenDisk struct {
	*os.File
	room    int
	syncErr error
}

func (b *brokenDisk) Write(p []byte) (int, error) {
	if len(p) <= b.room {
		b.room -= len(p)
		return b.File.Write(p)
	}
	n, _ := b.File.Write(p[:b.room])
	b.room = 0
	return n, &os.PathError{Op: "write", Path: "disk", Err: syscall.ENOSPC}
}

func (b *brokenDisk) Sync() error { return b.syncErr }

func TestDiskFailureLeavesNothing(t *testing.T) {
	cases := map[string]struct {
		disk brokenDisk
		text string
	}{
		"full half-way": {brokenDisk{room: 40_000}, "files.error.storage-full"},
		"sync fails":    {brokenDisk{room: 1 << 20, syncErr: syscall.EIO}, "files.error.storage-unavailable"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			f, err := OpenFolder(dir, clock.Fixed(start))
			if err != nil {
				t.Fatal(err)
			}
			f.create = func(dir string) (tempFile, error) {
				file, err := os.CreateTemp(dir, "put-*")
				c.disk.File = file
				return &c.disk, err
			}
			_, err = f.Put(t.Context(), bytes.NewReader(make([]byte, 100_000)), Limits{Bytes: 1 << 20})
			wantKind(t, err, errs.Unavailable, c.text)
			if n := countFiles(t, dir); n != 0 {
				t.Fatalf("%d files left", n)
			}
		})
	}
}

func TestOpenFolderClearsWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	now := clock.Fixed(start)
	if _, err := OpenFolder(dir, now); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"put-old": 25 * time.Hour, "put-running": time.Minute} {
		path := filepath.Join(dir, "files", incoming, name)
		if err := errors.Join(os.WriteFile(path, []byte("half"), 0o600), os.Chtimes(path, start.Add(-age), start.Add(-age))); err != nil {
			t.Fatal(err)
		}
	}
	f, err := OpenFolder(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	if n := countFiles(t, dir); n != 1 {
		t.Fatalf("%d unfinished files, want the running one", n)
	}
	if err := f.Walk(t.Context(), func(i Info) error { return fmt.Errorf("saw %s", i.Hash) }); err != nil {
		t.Fatal(err)
	}
}
