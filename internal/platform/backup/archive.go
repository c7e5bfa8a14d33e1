package backup

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// archive is a backup being written.
type archive struct {
	file  *os.File
	crypt io.WriteCloser // nil if it is not encrypted
	pack  *zstd.Encoder
	tar   *tar.Writer
	parts []Part
	made  time.Time
}

func createArchive(path string, recipients []age.Recipient, made time.Time) (*archive, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the backup cannot be written: %w", err)
	}
	a := &archive{file: f, made: made}
	var to io.Writer = f
	if len(recipients) > 0 && recipients[0] != nil {
		if a.crypt, err = age.Encrypt(f, recipients...); err != nil {
			return nil, errors.Join(fmt.Errorf("the backup cannot be encrypted: %w", err), f.Close())
		}
		to = a.crypt
	}
	if a.pack, err = zstd.NewWriter(to, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(4<<20)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	a.tar = tar.NewWriter(a.pack)
	return a, nil
}

// add writes a part of so many bytes.
func (a *archive) add(ctx context.Context, name string, size int64, content io.Reader) error {
	if err := a.tar.WriteHeader(a.header(name, size)); err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(a.tar, sum), &heedful{ctx, io.LimitReader(content, size)})
	if err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	if n != size {
		return fmt.Errorf("backup: %s: %d of %d bytes could be read", name, n, size)
	}
	a.parts = append(a.parts, Part{Name: name, Size: size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// addFile writes a file of the scratch place.
func (a *archive) addFile(ctx context.Context, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return a.add(ctx, name, info.Size(), f)
}

func (a *archive) header(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: a.made, Format: tar.FormatPAX}
}

// finish writes the manifest and has everything on the disk.
func (a *archive) finish(m *Manifest) error {
	m.Format, m.Made, m.Parts = formatVersion, a.made, a.parts
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("backup: manifest: %w", err)
	}
	if err := a.tar.WriteHeader(a.header(manifestName, int64(len(text)))); err != nil {
		return fmt.Errorf("backup: manifest: %w", err)
	}
	if _, err := a.tar.Write(text); err != nil {
		return fmt.Errorf("backup: manifest: %w", err)
	}
	all := []func() error{a.tar.Close, a.pack.Close}
	if a.crypt != nil {
		all = append(all, a.crypt.Close)
	}
	for _, end := range append(all, a.file.Sync) {
		if err := end(); err != nil {
			return fmt.Errorf("the backup cannot be written: %w", err)
		}
	}
	return a.close()
}

// close ends the writing, wherever it was.
func (a *archive) close() error {
	err := a.file.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// heedful stops reading when its context ends.
type heedful struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (h *heedful) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.r.Read(p)
}

// unpacking is where the parts of an archive go.
type unpacking struct {
	dir  string                                                                // the database's parts, by their base names
	file func(ctx context.Context, hash string, size int64, r io.Reader) error // each attached file
}

const ageHeader = "age-encryption.org/"

// maxManifest bounds what is read into memory: the names of ten million files.
const maxManifest = 2 << 30

// unpack reads a whole backup, checking every part, and gives its manifest.
// What it has put into dir is worth something only if there is no error.
func unpack(ctx context.Context, path string, key Key, to unpacking) (m Manifest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return m, fmt.Errorf("the backup cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }()
	begun := bufio.NewReaderSize(&heedful{ctx, f}, 1<<16)
	var open io.Reader = begun
	if head, _ := begun.Peek(len(ageHeader)); string(head) == ageHeader {
		if open, err = key.unlock(begun); err != nil {
			return m, err
		}
	}
	packed, err := zstd.NewReader(open, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return m, fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer packed.Close()
	entries := tar.NewReader(packed)
	var read []Part
	for {
		h, err := entries.Next()
		if err != nil {
			return m, fmt.Errorf("%w: it ends too early or is no backup of Kartoteka: %w", errDamaged, err)
		}
		if h.Name == manifestName {
			break
		}
		part, err := to.take(ctx, h, entries)
		if err != nil {
			return m, err
		}
		read = append(read, part)
	}
	if err := json.NewDecoder(io.LimitReader(entries, maxManifest)).Decode(&m); err != nil {
		return m, fmt.Errorf("%w: manifest: %w", errDamaged, err)
	}
	if _, err := io.Copy(io.Discard, packed); err != nil { // to the end, where the seals of zstd and age are
		return m, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return m, m.check(read)
}

func (u unpacking) take(ctx context.Context, h *tar.Header, r io.Reader) (Part, error) {
	if h.Typeflag != tar.TypeReg || !knownName(h.Name) {
		return Part{}, fmt.Errorf("%w: %q does not belong into it", errDamaged, h.Name)
	}
	counted := &counting{sum: sha256.New(), r: r}
	var err error
	if hash, ok := strings.CutPrefix(h.Name, filesPrefix); ok {
		err = u.file(ctx, hash, h.Size, counted)
	} else {
		err = writeFile(filepath.Join(u.dir, strings.TrimPrefix(h.Name, databasePrefix)), counted)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, counted)
	}
	if err != nil {
		return Part{}, fmt.Errorf("backup: %s: %w", h.Name, err)
	}
	return Part{Name: h.Name, Size: counted.n, SHA256: hex.EncodeToString(counted.sum.Sum(nil))}, nil
}

// counting measures what is read through it.
type counting struct {
	r   io.Reader
	n   int64
	sum hash.Hash
}

// Read implements io.Reader.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	_, _ = c.sum.Write(p[:n]) // a hash never fails
	return n, err
}

func writeFile(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}
