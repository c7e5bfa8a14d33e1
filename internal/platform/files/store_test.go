package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/errs"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// place is a store under test with what tests need to look behind it.
type place struct {
	Store
	clock  *clock.Manual
	damage func(t *testing.T, hash string, content []byte)
	count  func(t *testing.T) int // everything kept, finished or not
}

// eachStore runs a test on a folder and on a bucket: both keep the same
// promises.
func eachStore(t *testing.T, test func(t *testing.T, p place)) {
	t.Run("folder", func(t *testing.T) { test(t, newFolder(t)) })
	t.Run("s3", func(t *testing.T) { test(t, newBucket(t)) })
}

func put(t *testing.T, s Store, content string) Stored {
	t.Helper()
	stored, err := s.Put(t.Context(), strings.NewReader(content), Limits{Bytes: 1 << 20})
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	return stored
}

func read(t *testing.T, s Store, hash string) string {
	t.Helper()
	r, size, err := s.Open(t.Context(), hash)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("read %d of %d bytes: %v", len(b), size, err)
	}
	return string(b)
}

func wantKind(t *testing.T, err error, kind errs.Kind, textID string) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Fatalf("want %s, got %v", kind, err)
	}
	if text, _ := errs.TextOf(err); text.ID != textID {
		t.Fatalf("want text %q, got %q", textID, text.ID)
	}
}

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestPutNamesContentByItsHash(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		for _, content := range []string{"", "minutes of the meeting", strings.Repeat("0123456789abcdef", 40_000), strings.Repeat("20 MB: ", 3_000_000)} {
			s, err := p.Put(t.Context(), strings.NewReader(content), Limits{Bytes: 30_000_000})
			if err != nil {
				t.Fatal(err)
			}
			if s.Hash != hashOf(content) || s.Size != int64(len(content)) {
				t.Fatalf("stored as %+v", s)
			}
			if got := read(t, p, s.Hash); got != content {
				t.Fatalf("read %d bytes, want %d", len(got), len(content))
			}
			info, err := p.Stat(t.Context(), s.Hash)
			if err != nil || info.Size != s.Size || info.Hash != s.Hash || !info.Put.Equal(start) {
				t.Fatalf("stat %+v, %v", info, err)
			}
		}
	})
}

func TestOpenSeeks(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		s := put(t, p, "0123456789")
		r, _, err := p.Open(t.Context(), s.Hash)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for _, at := range []int64{7, 0, 3} {
			if _, err := r.Seek(at, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 2)
			if _, err := io.ReadFull(r, b); err != nil || string(b) != "0123456789"[at:at+2] {
				t.Fatalf("at %d read %q, %v", at, b, err)
			}
		}
	})
}

func TestPutTwiceKeepsOneAndCountsAsPutNow(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		first := put(t, p, "same")
		p.clock.Advance(48 * time.Hour)
		if second := put(t, p, "same"); second != first {
			t.Fatalf("%+v is not %+v", second, first)
		}
		info, err := p.Stat(t.Context(), first.Hash)
		if err != nil || !info.Put.Equal(start.Add(48*time.Hour)) {
			t.Fatalf("put at %v, %v", info.Put, err)
		}
		if n := p.count(t); n != 1 {
			t.Fatalf("%d files kept", n)
		}
	})
}

func TestConcurrentPutsOfTheSame(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		var all sync.WaitGroup
		failures := make(chan error, 16)
		for i := range 16 {
			all.Go(func() {
				_, err := p.Put(context.Background(), strings.NewReader(fmt.Sprintf("content %d", i%2)), Limits{Bytes: 100})
				failures <- err
			})
		}
		all.Wait()
		close(failures)
		for err := range failures {
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 2 {
			if want := fmt.Sprintf("content %d", i); read(t, p, hashOf(want)) != want {
				t.Fatalf("%q is not what was put", want)
			}
		}
		if n := p.count(t); n != 2 {
			t.Fatalf("%d files kept, want 2", n)
		}
	})
}

func TestPutStopsAtTheLimit(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		if _, err := p.Put(t.Context(), strings.NewReader("12345"), Limits{Bytes: 5}); err != nil {
			t.Fatalf("exactly the limit: %v", err)
		}
		source := &counting{r: bytes.NewReader(make([]byte, 1<<20))}
		_, err := p.Put(t.Context(), source, Limits{Bytes: 2000})
		wantKind(t, err, errs.TooLarge, "files.error.too-large-kb")
		if text, _ := errs.TextOf(err); fmt.Sprint(text.Args) != "[Limit 2]" {
			t.Fatalf("limit named as %v", text.Args)
		}
		if source.n != 2001 {
			t.Fatalf("read %d bytes to refuse 2000", source.n)
		}
		if n := p.count(t); n != 1 {
			t.Fatalf("%d files kept after a refusal, want 1", n)
		}
	})
}

type counting struct {
	r io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestPutChecksTheType(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		pictures := Limits{Bytes: 1000, Types: []string{"image/png"}}
		_, err := p.Put(t.Context(), strings.NewReader("<html><script>alert(1)</script></html>"), pictures)
		wantKind(t, err, errs.Invalid, "files.error.type-not-accepted")
		s, err := p.Put(t.Context(), bytes.NewReader(pngOf(t, 3, 2)), pictures)
		if err != nil || s.MIME != "image/png" {
			t.Fatalf("%+v, %v", s, err)
		}
	})
}

func TestBrokenSourceLeavesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		lost := errors.New("connection lost")
		_, err := p.Put(t.Context(), io.MultiReader(strings.NewReader("half of it"), iotest.ErrReader(lost)), Limits{Bytes: 1000})
		if !errors.Is(err, lost) {
			t.Fatalf("got %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Put(ctx, strings.NewReader("all of it"), Limits{Bytes: 1000}); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		if n := p.count(t); n != 0 {
			t.Fatalf("%d files left", n)
		}
	})
}

func TestUnknownContentIsNotFound(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		for _, hash := range []string{hashOf("never put"), "", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a", 63)} {
			_, _, err := p.Open(t.Context(), hash)
			wantKind(t, err, errs.NotFound, "files.error.not-found")
			_, err = p.Stat(t.Context(), hash)
			wantKind(t, err, errs.NotFound, "files.error.not-found")
			if removed, err := p.Remove(t.Context(), hash, time.Time{}); removed || err != nil {
				t.Fatalf("remove %q: %v, %v", hash, removed, err)
			}
		}
	})
}

func TestRemoveHonoursAge(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		s := put(t, p, "minutes")
		if removed, err := p.Remove(t.Context(), s.Hash, start); removed || err != nil {
			t.Fatalf("put at the moment: %v, %v", removed, err)
		}
		if removed, err := p.Remove(t.Context(), s.Hash, start.Add(time.Second)); !removed || err != nil {
			t.Fatalf("put before the moment: %v, %v", removed, err)
		}
		put(t, p, "minutes")
		if removed, err := p.Remove(t.Context(), s.Hash, time.Time{}); !removed || err != nil {
			t.Fatalf("whatever its age: %v, %v", removed, err)
		}
		if n := p.count(t); n != 0 {
			t.Fatalf("%d files left", n)
		}
	})
}

func TestWalkSeesEverythingOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		want := map[string]bool{}
		for i := range 30 {
			want[put(t, p, fmt.Sprint("file ", i)).Hash] = true
		}
		err := p.Walk(t.Context(), func(i Info) error {
			if !want[i.Hash] {
				t.Errorf("%s seen twice or never put", i.Hash)
			}
			delete(want, i.Hash)
			return nil
		})
		if err != nil || len(want) != 0 {
			t.Fatalf("%d not seen, %v", len(want), err)
		}
		enough := errors.New("enough")
		if err := p.Walk(t.Context(), func(Info) error { return enough }); !errors.Is(err, enough) {
			t.Fatalf("visitor's error: %v", err)
		}
	})
}

func TestVerifyFindsDamage(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		s := put(t, p, "the contract")
		if err := Verify(t.Context(), p, s.Hash); err != nil {
			t.Fatal(err)
		}
		p.damage(t, s.Hash, []byte("the c0ntract"))
		wantKind(t, Verify(t.Context(), p, s.Hash), errs.Internal, "files.error.damaged")
		p.damage(t, s.Hash, []byte("the"))
		p.clock.Advance(2 * time.Hour)
		put(t, p, "the contract")
		if err := Verify(t.Context(), p, s.Hash); err != nil {
			t.Fatalf("a shortened copy is not replaced: %v", err)
		}
	})
}

func TestSweepRemovesOnlyOldAndUnreferenced(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		used, orphan, again := put(t, p, "used"), put(t, p, "orphan"), put(t, p, "put again")
		p.clock.Advance(72 * time.Hour)
		recent := put(t, p, "transaction still running")
		asked := map[string]bool{}
		sweeping := Sweeping{
			Before: p.clock.Now().Add(-24 * time.Hour),
			Referenced: func(_ context.Context, hashes []string) (map[string]bool, error) {
				for _, h := range hashes {
					asked[h] = true
				}
				put(t, p, "put again") // while the sweep is under way
				return map[string]bool{used.Hash: true}, nil
			},
		}
		done, err := Sweep(t.Context(), p, sweeping)
		if err != nil || done != (Swept{Seen: 4, Removed: 1, Freed: orphan.Size}) {
			t.Fatalf("%+v, %v", done, err)
		}
		if asked[recent.Hash] || !asked[orphan.Hash] {
			t.Fatalf("asked about %v", asked)
		}
		for _, s := range []Stored{used, recent, again} {
			if _, err := p.Stat(t.Context(), s.Hash); err != nil {
				t.Errorf("%s: %v", s.Hash, err)
			}
		}
		_, err = p.Stat(t.Context(), orphan.Hash)
		wantKind(t, err, errs.NotFound, "files.error.not-found")
	})
}

// full is a store that only lists and removes.
type full struct {
	Store
	kept map[string]bool
}

func (f full) Walk(_ context.Context, visit func(Info) error) error {
	for _, hash := range slices.Sorted(maps.Keys(f.kept)) {
		if err := visit(Info{Hash: hash, Size: 2, Put: start}); err != nil {
			return err
		}
	}
	return nil
}

func (f full) Remove(_ context.Context, hash string, _ time.Time) (bool, error) {
	defer delete(f.kept, hash)
	return f.kept[hash], nil
}

func TestSweepAsksInBatches(t *testing.T) {
	store := full{kept: map[string]bool{}}
	for i := range 2*sweepBatch + 1 {
		store.kept[hashOf(fmt.Sprint(i))] = true
	}
	var batches []int
	done, err := Sweep(t.Context(), store, Sweeping{
		Before: start.Add(time.Hour),
		Referenced: func(_ context.Context, hashes []string) (map[string]bool, error) {
			batches = append(batches, len(hashes))
			return map[string]bool{hashes[0]: true}, nil
		},
	})
	if err != nil || done != (Swept{Seen: 1001, Removed: 998, Freed: 1996}) || len(store.kept) != 3 {
		t.Fatalf("%+v, %v, %d kept", done, err, len(store.kept))
	}
	if fmt.Sprint(batches) != "[500 500 1]" {
		t.Fatalf("asked in batches of %v", batches)
	}
}

func TestSweepStopsWhenReferencesAreUnknown(t *testing.T) {
	eachStore(t, func(t *testing.T, p place) {
		put(t, p, "precious")
		down := errors.New("database down")
		_, err := Sweep(t.Context(), p, Sweeping{
			Before:     start.Add(time.Hour),
			Referenced: func(context.Context, []string) (map[string]bool, error) { return nil, down },
		})
		if !errors.Is(err, down) || p.count(t) != 1 {
			t.Fatalf("%v, %d kept", err, p.count(t))
		}
	})
}
