// Package files keeps the bytes people attach: documents, pictures, imports.
//
// A file is named by its content: the hex SHA-256 of its bytes. The same bytes
// are stored once, a name never changes its meaning, and whether a file is
// undamaged can be checked at any time (Verify). What a file is called, whose
// it is and who may see it belongs to the module that refers to it.
//
// There are two stores behind one interface, a folder and an S3-compatible
// bucket, with the same promises: Put returns after the bytes are safe, a
// failed Put leaves nothing behind, and content is never half-written.
//
// Files and the database commit separately, so the order matters. Put the file
// before the transaction that refers to it; to remove a file, remove the
// reference only. Sweep, run by a job, then removes what nothing refers to and
// nobody has put for a while.
package files

import (
	"context"
	"io"
	"regexp"
	"time"

	"kartoteka.dev/internal/platform/errs"
)

// Store keeps content by its hash. All methods may be used concurrently. An
// unknown or malformed hash is errs.NotFound; storage out of reach is
// errs.Unavailable.
type Store interface {
	// Put stores what r gives, up to the limits, and returns when it is safe.
	// Content that is there already is not written again, but counts as put
	// now.
	Put(ctx context.Context, r io.Reader, limits Limits) (Stored, error)
	// Open reads content; the caller closes it. The number is its size in bytes.
	Open(ctx context.Context, hash string) (io.ReadSeekCloser, int64, error)
	// Stat tells size and age of content.
	Stat(ctx context.Context, hash string) (Info, error)
	// Remove deletes content last put before the moment; a zero moment means
	// whatever its age. It tells whether there was something to delete; content
	// that is absent or younger is no error.
	Remove(ctx context.Context, hash string, before time.Time) (bool, error)
	// Walk calls visit for all content, in no particular order, until it
	// returns an error, which Walk returns.
	Walk(ctx context.Context, visit func(Info) error) error
}

// Limits is what Put accepts.
type Limits struct {
	Bytes int64    // the most it reads; must be positive
	Types []string // accepted media types without parameters; empty: any
}

// Stored is content that has been put.
type Stored struct {
	Hash string // hex SHA-256 of the content
	Size int64  // bytes
	MIME string // found from the content: "image/png", "text/plain; charset=utf-8"
}

// Info is content in the store.
type Info struct {
	Hash string
	Size int64     // bytes
	Put  time.Time // when it was last put
}

var hashShape = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ValidHash tells whether the text has the shape of a content's name.
func ValidHash(hash string) bool { return hashShape.MatchString(hash) }

func notFound(op, hash string) *errs.Error {
	return errs.New(errs.NotFound, op, "files.error.not-found", "Hash", shortHash(hash))
}

// shortHash is enough of a hash to recognise it in a message.
func shortHash(hash string) string {
	if len(hash) > 12 {
		return hash[:12]
	}
	return hash
}
