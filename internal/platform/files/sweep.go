package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"kartoteka.dev/internal/platform/errs"
)

// sweepBatch is how many hashes are asked about at once.
const sweepBatch = 500

// Sweeping says what Sweep may remove.
type Sweeping struct {
	// Before protects what was put lately and whose transaction may still be
	// running: only content last put before it is looked at. A day ago is a good
	// choice.
	Before time.Time
	// Referenced answers which of the hashes something refers to. It is asked
	// after the age was read, in batches of at most 500.
	Referenced func(ctx context.Context, hashes []string) (map[string]bool, error)
}

// Swept counts what Sweep did.
type Swept struct {
	Seen    int   // all content in the store
	Removed int   // content nothing referred to
	Freed   int64 // bytes
}

// Sweep removes content nothing refers to. Stopped half-way it has removed less,
// never the wrong thing.
func Sweep(ctx context.Context, store Store, s Sweeping) (Swept, error) {
	var done Swept
	batch := make([]Info, 0, sweepBatch)
	flush := func() error {
		defer func() { batch = batch[:0] }()
		return sweepSome(ctx, store, s, batch, &done)
	}
	err := store.Walk(ctx, func(i Info) error {
		done.Seen++
		if !i.Put.Before(s.Before) {
			return nil
		}
		if batch = append(batch, i); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return done, errs.Wrap("files.Sweep", err)
}

func sweepSome(ctx context.Context, store Store, s Sweeping, batch []Info, done *Swept) error {
	if len(batch) == 0 {
		return nil
	}
	hashes := make([]string, len(batch))
	for i := range batch {
		hashes[i] = batch[i].Hash
	}
	used, err := s.Referenced(ctx, hashes)
	if err != nil {
		return err
	}
	for _, i := range batch {
		if used[i.Hash] {
			continue
		}
		removed, err := store.Remove(ctx, i.Hash, s.Before)
		if err != nil {
			return err
		}
		if removed {
			done.Removed++
			done.Freed += i.Size
		}
	}
	return nil
}

// Verify reads content and compares it with its name; damage is errs.Internal
// with a text for the person.
func Verify(ctx context.Context, store Store, hash string) error {
	const op = "files.Verify"
	r, _, err := store.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, &cancelled{ctx, r}); err != nil {
		return storageError(op, err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return errs.New(errs.Internal, op, "files.error.damaged", "Hash", shortHash(hash))
	}
	return nil
}
