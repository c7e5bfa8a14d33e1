package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"slices"
	"sync"
	"syscall"

	"github.com/gabriel-vasile/mimetype"

	"kartoteka.dev/internal/platform/errs"
)

// sniffed is how much of the beginning decides the type: office documents name
// themselves only after their first entries.
const sniffed = 64 << 10

// sniffWide widens what the detection library looks at, once, before its first
// use.
var sniffWide = sync.OnceFunc(func() { mimetype.SetLimit(sniffed) })

// Sniff finds the media type from the beginning of content; names do not count.
// Unknown content is "application/octet-stream".
func Sniff(head []byte) string {
	sniffWide()
	return mimetype.Detect(head).String()
}

// receiver measures content on its way to where it is kept.
type receiver struct {
	sum  hash.Hash
	size int64
	head []byte
}

func (rc *receiver) Write(p []byte) (int, error) {
	rc.sum.Write(p)
	rc.size += int64(len(p))
	if room := sniffed - len(rc.head); room > 0 {
		rc.head = append(rc.head, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// receive copies r to w within the limits and tells what it was. It never reads
// more than one byte over the limit.
func receive(ctx context.Context, w io.Writer, r io.Reader, limits Limits) (Stored, error) {
	const op = "files.Put"
	if limits.Bytes <= 0 {
		return Stored{}, errs.New(errs.Internal, op, "").Because(errors.New("no size limit given"))
	}
	rc := &receiver{sum: sha256.New()}
	in := io.LimitReader(&cancelled{ctx, r}, limits.Bytes+1)
	if _, err := io.Copy(io.MultiWriter(rc, w), in); err != nil {
		return Stored{}, storageError(op, err)
	}
	if rc.size > limits.Bytes {
		return Stored{}, tooLarge(op, limits.Bytes)
	}
	s := Stored{Hash: hex.EncodeToString(rc.sum.Sum(nil)), Size: rc.size, MIME: Sniff(rc.head)}
	if len(limits.Types) > 0 && !slices.Contains(limits.Types, baseType(s.MIME)) {
		return Stored{}, errs.New(errs.Invalid, op, "files.error.type-not-accepted", "Type", baseType(s.MIME))
	}
	return s, nil
}

// tooLarge names the limit in the unit people use.
func tooLarge(op string, limit int64) *errs.Error {
	switch {
	case limit >= 1_000_000:
		return errs.New(errs.TooLarge, op, "files.error.too-large-mb", "Limit", limit/1_000_000)
	case limit >= 1_000:
		return errs.New(errs.TooLarge, op, "files.error.too-large-kb", "Limit", limit/1_000)
	}
	return errs.New(errs.TooLarge, op, "files.error.too-large-bytes", "Limit", limit)
}

// storageError says in the person's words what the disk said.
func storageError(op string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.New(errs.Unavailable, op, "files.error.storage-full").Because(err)
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EIO):
		return errs.New(errs.Unavailable, op, "files.error.storage-unavailable").Because(err)
	}
	return errs.Wrap(op, err)
}

// cancelled stops reading when the request is over.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
