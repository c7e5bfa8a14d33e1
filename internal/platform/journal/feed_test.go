package journal_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/journal"
)

func entry(kind string) journal.Entry {
	return journal.Entry{Kind: kind, Subject: journal.Ref{Type: "customer", ID: 1}, CustomerID: 1}
}

func feedIDs(t *testing.T, f *journal.Feed, q journal.Query) []int64 {
	t.Helper()
	all, err := f.Read(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestFeedGivesPagesOldestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := authz.AsSystem(t.Context(), "test")
		ids := write(t, d, ctx, entry("a.x"), entry("a.y"), entry("b.z"), entry("a.x"), entry("b.z"))
		f := journal.NewFeed(d)
		for name, c := range map[string]struct {
			q    journal.Query
			want []int64
		}{
			"all":             {journal.Query{}, ids},
			"a page":          {journal.Query{AfterID: ids[0], Limit: 2}, ids[1:3]},
			"one kind":        {journal.Query{Kind: "a.x"}, []int64{ids[0], ids[3]}},
			"kinds":           {journal.Query{Kinds: []string{"a.x", "b.z"}, AfterID: ids[0]}, []int64{ids[2], ids[3], ids[4]}},
			"kinds, a page":   {journal.Query{Kinds: []string{"a.x", "b.z"}, Limit: 1}, ids[:1]},
			"of no customer":  {journal.Query{Kinds: []string{"a.x"}, CustomerID: 9}, nil},
			"behind the last": {journal.Query{AfterID: ids[4]}, nil},
		} {
			if got := feedIDs(t, f, c.q); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}

// TestFeedWaitsForWhatIsStillBeingWritten has an entry committed after one
// with a higher id: a follower must see both, in order.
func TestFeedWaitsForWhatIsStillBeingWritten(t *testing.T) {
	d := dbtest.Postgres(t)
	ctx := authz.AsSystem(t.Context(), "test")
	first := write(t, d, ctx, entry("a.x"))[0]
	f := journal.NewFeed(d)
	if got := feedIDs(t, f, journal.Query{}); !slices.Equal(got, []int64{first}) {
		t.Fatalf("%v", got)
	}

	for _, many := range []bool{false, true} { // the ids of many are taken apart from the rows
		after := first
		taken, end := make(chan int64), make(chan struct{})
		slow := make(chan error, 1)
		go func() {
			slow <- d.Write(ctx, func(tx *db.Tx) error {
				id, err := lateEntry(ctx, tx, many)
				taken <- id
				<-end
				return err
			})
		}()
		late := <-taken
		quick := write(t, d, ctx, entry("a.y"))[0]
		if quick <= late {
			t.Fatalf("ids %d, %d: the test is pointless", late, quick)
		}
		journal.Hasten(f, 20*time.Millisecond)
		if got := feedIDs(t, f, journal.Query{AfterID: after}); len(got) != 0 {
			t.Errorf("entry %v is given although %d is to come", got, late)
		}
		journal.Hasten(f, time.Minute)
		read := make(chan []int64, 1)
		go func() { read <- feedIDs(t, f, journal.Query{AfterID: after}) }()
		close(end)
		if err := <-slow; err != nil {
			t.Fatal(err)
		}
		if got := <-read; !slices.Equal(got, []int64{late, quick}) {
			t.Errorf("%v, want %d and %d", got, late, quick)
		}
		first = quick
	}
}

func lateEntry(ctx context.Context, tx *db.Tx, many bool) (int64, error) {
	if !many {
		return journal.Write(ctx, tx, entry("a.late"))
	}
	ids, err := journal.WriteAll(ctx, tx, []journal.Entry{entry("a.late")})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// TestFollowersMissNothingUnderLoad has many write at once while one follows
// page by page.
func TestFollowersMissNothingUnderLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := authz.AsSystem(t.Context(), "test")
		const writers, each = 6, 25
		done := make(chan []int64, writers)
		for range writers {
			go func() {
				var ids []int64
				for range each {
					ids = append(ids, write(t, d, ctx, entry("a.x"), entry("a.y"))...)
				}
				done <- ids
			}()
		}
		f := journal.NewFeed(d)
		var seen, written []int64
		after, open := int64(0), writers
		for open > 0 || after < slices.Max(written) {
			select {
			case ids := <-done:
				written = append(written, ids...)
				open--
			default:
			}
			for _, id := range feedIDs(t, f, journal.Query{AfterID: after, Limit: 7}) {
				seen, after = append(seen, id), id
			}
		}
		slices.Sort(written)
		if !slices.Equal(seen, written) {
			t.Errorf("%d entries were written, %d seen", len(written), len(seen))
		}
	})
}
