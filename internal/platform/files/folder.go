package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

const (
	incoming  = "incoming"     // where content is written before it has a name
	abandoned = 24 * time.Hour // an unfinished file this old was left by a crash
)

// Folder is a Store in a directory: files/ab/cdef… by the hash, beside
// files/incoming for what is being written. Several processes may share it.
type Folder struct {
	root  string
	clock clock.Clock

	// mu makes "is it there, then count it as put" and "is it old, then remove
	// it" exclude each other.
	mu     sync.Mutex
	create func(dir string) (tempFile, error)
}

// tempFile is what Put needs of a file; tests put broken disks here.
type tempFile interface {
	io.WriteCloser
	Sync() error
	Name() string
}

// OpenFolder makes or opens the store below dir and clears what a crash left.
func OpenFolder(dir string, c clock.Clock) (*Folder, error) {
	const op = "files.OpenFolder"
	f := &Folder{root: filepath.Join(dir, "files"), clock: c, create: createTemp}
	if err := os.MkdirAll(filepath.Join(f.root, incoming), 0o700); err != nil {
		return nil, storageError(op, err)
	}
	if err := f.clearIncoming(); err != nil {
		return nil, storageError(op, err)
	}
	return f, nil
}

func createTemp(dir string) (tempFile, error) { return os.CreateTemp(dir, "put-*") }

func (f *Folder) clearIncoming() error {
	dir := filepath.Join(f.root, incoming)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || f.clock.Now().Sub(info.ModTime()) < abandoned {
			continue // gone meanwhile, or being written by another process
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put implements Store.
func (f *Folder) Put(ctx context.Context, r io.Reader, limits Limits) (Stored, error) {
	const op = "files.Put"
	tmp, err := f.create(filepath.Join(f.root, incoming))
	if err != nil {
		return Stored{}, storageError(op, err)
	}
	defer os.Remove(tmp.Name()) // finds nothing once the content has its name
	s, err := receive(ctx, tmp, r, limits)
	if err != nil {
		tmp.Close()
		return Stored{}, err
	}
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return Stored{}, storageError(op, err)
	}
	if err := f.keep(tmp.Name(), s); err != nil {
		return Stored{}, storageError(op, err)
	}
	return s, nil
}

// keep gives finished content its name. Content already there stays and counts
// as put now; only a copy of another size, damaged from outside, is replaced.
func (f *Folder) keep(tmp string, s Stored) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := f.path(s.Hash)
	dir := filepath.Dir(path)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := syncDir(f.root); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	now := f.clock.Now()
	if there, err := os.Stat(path); err == nil && there.Size() == s.Size {
		if err := os.Chtimes(path, now, now); err != nil {
			return err
		}
		return syncDir(dir)
	}
	if err := errors.Join(os.Chmod(tmp, 0o400), os.Chtimes(tmp, now, now)); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir puts names in a directory on the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *Folder) path(hash string) string { return filepath.Join(f.root, hash[:2], hash[2:]) }

// Open implements Store.
func (f *Folder) Open(_ context.Context, hash string) (io.ReadSeekCloser, int64, error) {
	const op = "files.Open"
	if !ValidHash(hash) {
		return nil, 0, notFound(op, hash)
	}
	file, err := os.Open(f.path(hash))
	if err != nil {
		return nil, 0, folderError(op, hash, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(storageError(op, err), file.Close())
	}
	return file, info.Size(), nil
}

// Stat implements Store.
func (f *Folder) Stat(_ context.Context, hash string) (Info, error) {
	const op = "files.Stat"
	if !ValidHash(hash) {
		return Info{}, notFound(op, hash)
	}
	info, err := os.Stat(f.path(hash))
	if err != nil {
		return Info{}, folderError(op, hash, err)
	}
	return Info{Hash: hash, Size: info.Size(), Put: info.ModTime().UTC()}, nil
}

func folderError(op, hash string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return notFound(op, hash).Because(err)
	}
	return storageError(op, err)
}

// Remove implements Store.
func (f *Folder) Remove(ctx context.Context, hash string, before time.Time) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := f.Stat(ctx, hash)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !before.IsZero() && !info.Put.Before(before) {
		return false, nil
	}
	err = os.Remove(f.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, storageError("files.Remove", err)
	}
	return true, nil
}

// Walk implements Store.
func (f *Folder) Walk(ctx context.Context, visit func(Info) error) error {
	shelves, err := os.ReadDir(f.root)
	if err != nil {
		return storageError("files.Walk", err)
	}
	for _, shelf := range shelves {
		if !shelf.IsDir() || shelf.Name() == incoming {
			continue
		}
		if err := f.walkShelf(ctx, shelf.Name(), visit); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) walkShelf(ctx context.Context, shelf string, visit func(Info) error) error {
	entries, err := os.ReadDir(filepath.Join(f.root, shelf))
	if err != nil {
		return storageError("files.Walk", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		hash := shelf + e.Name()
		info, err := e.Info()
		if !ValidHash(hash) || errors.Is(err, fs.ErrNotExist) {
			continue // not ours, or removed meanwhile
		}
		if err != nil {
			return storageError("files.Walk", err)
		}
		if err := visit(Info{Hash: hash, Size: info.Size(), Put: info.ModTime().UTC()}); err != nil {
			return err
		}
	}
	return nil
}

// String names the store for logs and diagnostics.
func (f *Folder) String() string {
	return fmt.Sprintf("folder %s", strings.TrimSuffix(f.root, "/files"))
}
