package vocabulary_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
)

type world struct {
	*testing.T
	ctx   context.Context
	words *vocabulary.Service
	file  *customers.Service
	db    *db.DB
}

func each(t *testing.T, test func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		test(&world{t, customerstest.System(), vocabulary.New(d), customerstest.Service(t, d), d})
	})
}

func (w *world) customer(tags ...string) customers.Customer {
	w.Helper()
	return customerstest.Create(w, w.db, func(c *customers.NewCustomer) { c.Tags = tags })
}

func (w *world) tag(name string) vocabulary.Word {
	w.Helper()
	all, err := w.words.Read(w.ctx, vocabulary.Tags)
	if err != nil {
		w.Fatal(err)
	}
	for _, have := range all {
		if have.Name == name {
			return have
		}
	}
	w.Fatalf("there is no tag %q: %+v", name, all)
	return vocabulary.Word{}
}

func (w *world) tagsOf(id int64) []string {
	w.Helper()
	c, err := w.file.FindCard(w.ctx, id)
	if err != nil {
		w.Fatal(err)
	}
	var names []string
	for _, t := range c.Tags {
		names = append(names, t.Name)
	}
	return names
}

func (w *world) found(field string, op filter.Op, value string) int {
	w.Helper()
	n, err := w.file.Count(w.ctx, filter.Where(field, op, value))
	if err != nil {
		w.Fatal(err)
	}
	return int(n.N)
}

func (w *world) must(d vocabulary.Done, err error) vocabulary.Done {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
	return d
}

func (w *world) undo(entry int64) {
	w.Helper()
	if _, err := w.words.Undo(w.ctx, entry); err != nil {
		w.Fatal(err)
	}
}

func TestNamesAreThereOnce(t *testing.T) {
	each(t, func(w *world) {
		done := w.must(w.words.Add(w.ctx, vocabulary.Tags, "  Key   customer "))
		if done.Word.Name != "Key customer" {
			t.Errorf("kept as %q", done.Word.Name)
		}
		for _, name := range []string{"KEY CUSTOMER", "Кey customer", "", " \t", "a name that goes on and on until it is longer than sixty letters"} {
			if _, err := w.words.Add(w.ctx, vocabulary.Tags, name); !errs.Is(err, errs.Invalid) {
				t.Errorf("added %q: %v", name, err)
			}
		}
		w.undo(done.Entry)
		if all, _ := w.words.Read(w.ctx, vocabulary.Tags); len(all) != 0 {
			t.Errorf("after undo: %+v", all)
		}
		again := w.must(w.words.Add(w.ctx, vocabulary.Tags, "Key customer"))
		w.customer("key customer")
		if _, err := w.words.Undo(w.ctx, again.Entry); !errs.Is(err, errs.Conflict) {
			t.Errorf("a tag in use was removed: %v", err)
		}
	})
}

func TestRenamedTagIsFoundByBothNames(t *testing.T) {
	each(t, func(w *world) {
		c := w.customer("vip")
		done := w.must(w.words.Rename(w.ctx, vocabulary.Tags, w.tag("vip").ID, "Key"))
		if got := w.tagsOf(c.ID); !slices.Equal(got, []string{"Key"}) {
			t.Errorf("the customer has %v", got)
		}
		for _, name := range []string{"vip", "key"} {
			if n := w.found("tags", filter.In, name); n != 1 {
				t.Errorf("%q finds %d", name, n)
			}
		}
		if other := w.customer("VIP", "key"); !slices.Equal(w.tagsOf(other.ID), []string{"Key"}) {
			t.Errorf("a new customer has %v", w.tagsOf(other.ID))
		}
		if n := w.tag("Key").Customers; n != 2 {
			t.Errorf("%d customers are counted", n)
		}
		w.undo(done.Entry)
		if got := w.tagsOf(c.ID); !slices.Equal(got, []string{"vip"}) {
			t.Errorf("after undo the customer has %v", got)
		}
		if _, err := w.words.Undo(w.ctx, done.Entry); !errs.Is(err, errs.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		// Only the spelling changes; and the former name can be a tag again.
		w.must(w.words.Rename(w.ctx, vocabulary.Tags, w.tag("vip").ID, "VIP"))
		w.must(w.words.Add(w.ctx, vocabulary.Tags, "Key"))
		if _, err := w.words.Rename(w.ctx, vocabulary.Tags, w.tag("VIP").ID, "key"); !errs.Is(err, errs.Invalid) {
			t.Errorf("renamed to what another is called: %v", err)
		}
	})
}

func TestTagsOfACustomerAreTakenBackUnderTheirNewName(t *testing.T) {
	each(t, func(w *world) {
		c := w.customer()
		if err := w.file.ChangeTags(w.ctx, c.ID, 0, []string{"vip"}, nil); err != nil {
			t.Fatal(err)
		}
		w.must(w.words.Rename(w.ctx, vocabulary.Tags, w.tag("vip").ID, "Key"))
		line, err := w.file.Timeline(w.ctx, c.ID, customers.TimelineQuery{Kinds: []customers.TouchKind{customers.ChangeTouch}})
		if err != nil || len(line.Items) == 0 {
			t.Fatal(err)
		}
		if err := w.file.Undo(w.ctx, line.Items[0].EntryID); err != nil {
			t.Error(err)
		}
		if got := w.tagsOf(c.ID); len(got) != 0 {
			t.Errorf("after undo the customer has %v", got)
		}
	})
}

func TestArchivedTagStaysOnCustomersAndInFilters(t *testing.T) {
	each(t, func(w *world) {
		c := w.customer("old")
		done := w.must(w.words.Archive(w.ctx, vocabulary.Tags, w.tag("old").ID, true))
		if got := w.tagsOf(c.ID); len(got) != 1 || w.found("tags", filter.In, "old") != 1 || !w.tag("old").Archived {
			t.Errorf("the customer has %v", got)
		}
		tags, err := w.file.Tags(w.ctx)
		if err != nil || len(tags) != 1 || !tags[0].Archived {
			t.Errorf("%+v, %v", tags, err)
		}
		w.undo(done.Entry)
		if w.tag("old").Archived {
			t.Error("still archived after undo")
		}
	})
}

func TestJoinedTagsBecomeTwoAgain(t *testing.T) {
	each(t, func(w *world) {
		first, both, other := w.customer("vip"), w.customer("vip", "key"), w.customer("key")
		from, into := w.tag("vip"), w.tag("key")
		if _, err := w.words.Join(w.ctx, vocabulary.Tags, from.ID, from.ID); !errs.Is(err, errs.Invalid) {
			t.Errorf("joined into itself: %v", err)
		}
		done := w.must(w.words.Join(w.ctx, vocabulary.Tags, from.ID, into.ID))
		for _, c := range []customers.Customer{first, both, other} {
			if got := w.tagsOf(c.ID); !slices.Equal(got, []string{"key"}) {
				t.Errorf("customer %d has %v", c.ID, got)
			}
		}
		if n := w.found("tags", filter.In, "vip"); n != 3 {
			t.Errorf("a filter with the old name finds %d", n)
		}
		if all, _ := w.words.Read(w.ctx, vocabulary.Tags); len(all) != 1 || all[0].Customers != 3 {
			t.Errorf("%+v", all)
		}
		if changed, err := w.file.FindCard(w.ctx, first.ID); err != nil || changed.Version == first.Version {
			t.Errorf("the version stayed %d: %v", changed.Version, err)
		}
		added := w.customer("vip")
		if got := w.tagsOf(added.ID); !slices.Equal(got, []string{"key"}) {
			t.Errorf("a new customer has %v", got)
		}
		w.undo(done.Entry)
		for id, want := range map[int64][]string{first.ID: {"vip"}, both.ID: {"key", "vip"}, other.ID: {"key"}, added.ID: {"key"}} {
			if got := w.tagsOf(id); !slices.Equal(got, want) {
				t.Errorf("after undo customer %d has %v, not %v", id, got, want)
			}
		}
	})
}

func TestChainOfJoinedTagsLeadsToTheLast(t *testing.T) {
	each(t, func(w *world) {
		c := w.customer("a")
		w.customer("b")
		w.customer("c")
		a, b, last := w.tag("a").ID, w.tag("b").ID, w.tag("c").ID
		first := w.must(w.words.Join(w.ctx, vocabulary.Tags, a, b))
		w.must(w.words.Join(w.ctx, vocabulary.Tags, b, last))
		if got := w.tagsOf(c.ID); !slices.Equal(got, []string{"c"}) || w.found("tags", filter.In, "a") != 3 {
			t.Errorf("the customer has %v", got)
		}
		if _, err := w.words.Undo(w.ctx, first.Entry); !errs.Is(err, errs.Conflict) {
			t.Errorf("undone although the other is gone: %v", err)
		}
	})
}

func TestJoinedSourcesBecomeTwoAgain(t *testing.T) {
	each(t, func(w *world) {
		radio := w.must(w.words.Add(w.ctx, vocabulary.Sources, "Radio")).Word
		tv := w.must(w.words.Add(w.ctx, vocabulary.Sources, "Television")).Word
		c := customerstest.Create(t, w.db, func(c *customers.NewCustomer) { c.SourceName = "Radio" })
		done := w.must(w.words.Join(w.ctx, vocabulary.Sources, radio.ID, tv.ID))
		source := func() int64 {
			now, err := w.file.FindCard(w.ctx, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return now.SourceID
		}
		if source() != tv.ID {
			t.Errorf("the customer has source %d", source())
		}
		added := customerstest.Create(t, w.db, func(c *customers.NewCustomer) { c.SourceName = "radio" })
		if added.SourceID != tv.ID {
			t.Errorf("a new customer has source %d", added.SourceID)
		}
		if n := w.found("source", filter.Is, strconv.FormatInt(radio.ID, 10)); n != 2 {
			t.Errorf("a filter with the old source finds %d", n)
		}
		direct := customerstest.New()
		direct.SourceName, direct.SourceID = "", radio.ID
		if _, err := w.file.Create(w.ctx, direct); !errs.Is(err, errs.Invalid) {
			t.Errorf("a joined source is chosen: %v", err)
		}
		w.undo(done.Entry)
		if source() != radio.ID {
			t.Errorf("after undo the customer has source %d", source())
		}
		if _, err := w.file.Create(w.ctx, direct); err != nil {
			t.Errorf("the source is not offered again: %v", err)
		}
	})
}

func TestSeededSourceGetsItsNamesBack(t *testing.T) {
	each(t, func(w *world) {
		all, err := w.words.Read(w.ctx, vocabulary.Sources)
		if err != nil || len(all) == 0 {
			t.Fatal(err)
		}
		seeded := all[0]
		if same := w.must(w.words.Rename(w.ctx, vocabulary.Sources, seeded.ID, seeded.Label(w.ctx))); same.Entry != 0 {
			t.Error("its own name was told to the journal")
		}
		done := w.must(w.words.Rename(w.ctx, vocabulary.Sources, seeded.ID, "A source of ours"))
		if done.Word.TextID != "" {
			t.Error("it is still translated")
		}
		w.undo(done.Entry)
		if all, _ = w.words.Read(w.ctx, vocabulary.Sources); all[0].TextID != seeded.TextID || all[0].Name != seeded.Name {
			t.Errorf("after undo: %+v", all[0])
		}
	})
}

func TestOnlyThoseWithTheRightChangeWords(t *testing.T) {
	each(t, func(w *world) {
		manager := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1})
		for name, do := range map[string]func() error{
			"add":     func() error { _, err := w.words.Add(manager, vocabulary.Tags, "x"); return err },
			"rename":  func() error { _, err := w.words.Rename(manager, vocabulary.Tags, 1, "x"); return err },
			"archive": func() error { _, err := w.words.Archive(manager, vocabulary.Sources, 1, true); return err },
			"join":    func() error { _, err := w.words.Join(manager, vocabulary.Sources, 1, 2); return err },
		} {
			if err := do(); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.words.Rename(w.ctx, vocabulary.Tags, 99, "x"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a tag that is not there: %v", err)
		}
		done := w.must(w.words.Add(w.ctx, vocabulary.Tags, "x"))
		if _, err := w.words.Undo(manager, done.Entry); !errs.Is(err, errs.Forbidden) {
			t.Errorf("undone without the right: %v", err)
		}
	})
}
