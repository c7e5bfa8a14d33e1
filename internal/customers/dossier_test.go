package customers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/team"
	"kartoteka.dev/internal/team/teamtest"
)

// desk is a company with people, custom fields, a store of files and one
// customer that has something of everything.
type desk struct {
	*customers.Service
	t        *testing.T
	db       *db.DB
	fields   *fields.Service
	store    files.Store
	ctx      context.Context // Kartoteka itself acts
	author   team.Person
	reader   team.Person
	customer customers.Customer
	contact  int64
}

// records tells the fields whose customer a record is.
type records struct{}

func (records) CustomerOf(_ context.Context, _ *db.Tx, _ string, id int64) (int64, error) {
	return id, nil
}

func atDesk(t *testing.T, test func(t *testing.T, w *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store, err := files.OpenFolder(t.TempDir(), d.Clock())
		if err != nil {
			t.Fatal(err)
		}
		w := &desk{t: t, db: d, store: store, ctx: customerstest.System()}
		w.fields = fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}, Records: records{}})
		w.Service = customers.New(customers.Deps{
			DB: d, Company: customerstest.Company{}, Fields: w.fields, Sheets: w.fields,
			People: teamtest.Service(t, d), Files: store,
		})
		w.author, w.reader = teamtest.Person(t, d, authz.Manager), teamtest.Person(t, d, authz.Manager)
		in := full()
		in.OwnerID = w.author.ID
		if w.customer, err = w.Create(w.ctx, in); err != nil {
			t.Fatal(err)
		}
		card, err := w.FindCard(w.ctx, w.customer.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.contact = card.Contacts[0].ID
		test(t, w)
	})
}

// as is a context in which the person acts, with the rights of their role.
func (w *desk) as(p team.Person) context.Context {
	return teamtest.As(w.t, w.db, p, append(customers.Permissions, customers.NotePermissions...)...)
}

func (w *desk) add(ctx context.Context, in customers.NewNote) customers.Note {
	w.t.Helper()
	in.CustomerID = w.customer.ID
	n, err := w.AddNote(ctx, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *desk) attach(name, content string) customers.File {
	w.t.Helper()
	f, err := w.AttachFile(w.ctx, w.customer.ID, name, strings.NewReader(content))
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

func ago(d time.Duration) clock.Instant { return clock.InstantOf(clock.System.Now().Add(-d)) }

func TestNotesAreKeptChangedAndBroughtBack(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		ctx := w.as(w.author)
		n := w.add(ctx, customers.NewNote{Kind: customers.CallNote, Body: "  Обадих се\r\n\x00на Нино ", ContactID: w.contact})
		if n.Body != "Обадих се\nна Нино" || n.AuthorID != w.author.ID || n.AuthorName != w.author.Name || n.Version != 1 {
			t.Errorf("%+v", n)
		}
		changed, err := w.ChangeNote(ctx, w.customer.ID, n.ID, customers.NoteChange{Body: ptr("Друго"), Version: 1})
		if err != nil || changed.Body != "Друго" || changed.Version != 2 {
			t.Fatalf("%+v, %v", changed, err)
		}
		if _, err := w.ChangeNote(ctx, w.customer.ID, n.ID, customers.NoteChange{Body: ptr("x"), Version: 1}); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		if err := w.RemoveNote(ctx, w.customer.ID, n.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ChangeNote(ctx, w.customer.ID, n.ID, customers.NoteChange{Body: ptr("x")}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a removed note was changed: %v", err)
		}
		line := w.timeline(customers.TimelineQuery{})
		if top := line.Items[0]; top.Title != "Note removed" || !top.Undoable {
			t.Fatalf("%+v", top)
		}
		if err := w.Undo(w.ctx, line.Items[0].EntryID); err != nil {
			t.Fatal(err)
		}
		if pinned, err := w.PinNote(ctx, w.customer.ID, n.ID, true); err != nil || !pinned.Pinned {
			t.Errorf("%+v, %v", pinned, err)
		}
	})
}

func TestNotesAreChecked(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		other := customerstest.Create(t, w.db, nil)
		tests := []struct {
			name  string
			note  customers.NewNote
			field string
		}{
			{"empty", customers.NewNote{Body: " \n "}, "body"},
			{"too long", customers.NewNote{Body: strings.Repeat("я", customers.MaxNote+1)}, "body"},
			{"no such kind", customers.NewNote{Kind: "telepathy", Body: "x"}, "kind"},
			{"to come", customers.NewNote{Body: "x", HappenedAt: ago(-48 * time.Hour)}, "happened_at"},
			{"contact of another", customers.NewNote{CustomerID: other.ID, Body: "x", ContactID: w.contact}, "contact_id"},
		}
		for _, tt := range tests {
			if tt.note.CustomerID == 0 {
				tt.note.CustomerID = w.customer.ID
			}
			_, err := w.AddNote(w.ctx, tt.note)
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != tt.field {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		if _, err := w.AddNote(w.ctx, customers.NewNote{CustomerID: 999, Body: "x"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("no such customer: %v", err)
		}
	})
}

func TestOnlyContactsAreLastContact(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		last := func() clock.Instant {
			c, err := w.Find(w.ctx, w.customer.ID)
			if err != nil {
				t.Fatal(err)
			}
			if c.Version != w.customer.Version {
				t.Errorf("a note made version %d of the customer", c.Version)
			}
			return c.LastContactAt
		}
		w.add(w.ctx, customers.NewNote{Body: "thought"})
		if last() != 0 {
			t.Error("a thought is no contact")
		}
		call := w.add(w.ctx, customers.NewNote{Kind: customers.CallNote, Body: "call", HappenedAt: ago(time.Hour)})
		old := w.add(w.ctx, customers.NewNote{Kind: customers.VisitNote, Body: "visit", HappenedAt: ago(99 * time.Hour)})
		if last() != call.HappenedAt {
			t.Errorf("last contact %d, want the call", last())
		}
		if err := w.RemoveNote(w.ctx, w.customer.ID, call.ID); err != nil || last() != old.HappenedAt {
			t.Errorf("after removal: %d, want the visit; %v", last(), err)
		}
		if _, err := w.RestoreNote(w.ctx, w.customer.ID, call.ID); err != nil || last() != call.HappenedAt {
			t.Errorf("after restoring: %d; %v", last(), err)
		}
	})
}

func TestMentionsCallPeopleUntilTheyLook(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		ctx := w.as(w.author)
		body := fmt.Sprintf("@[%d] please call; @[%d] knows, @[999999] is nobody", w.reader.ID, w.author.ID)
		n := w.add(ctx, customers.NewNote{Body: body})
		if unseen, err := w.UnseenMentions(ctx); err != nil || len(unseen) != 0 {
			t.Errorf("authors call themselves: %+v, %v", unseen, err)
		}
		reader := w.as(w.reader)
		unseen, err := w.UnseenMentions(reader)
		if err != nil || len(unseen) != 1 || unseen[0].Note.ID != n.ID || unseen[0].CustomerName != w.customer.Name {
			t.Fatalf("%+v, %v", unseen, err)
		}
		item := w.timeline(customers.TimelineQuery{}).Items[0]
		if want := "@" + w.reader.Name + " please call"; !strings.HasPrefix(item.Text, want) || !strings.HasSuffix(item.Text, "@[999999] is nobody") {
			t.Errorf("%q", item.Text)
		}
		if err := w.SeeMentions(reader, n.ID); err != nil {
			t.Fatal(err)
		}
		if unseen, _ := w.UnseenMentions(reader); len(unseen) != 0 {
			t.Errorf("%+v", unseen)
		}
		if _, err := w.ChangeNote(ctx, w.customer.ID, n.ID, customers.NoteChange{Body: ptr(body + "!")}); err != nil {
			t.Fatal(err)
		}
		if unseen, _ := w.UnseenMentions(reader); len(unseen) != 0 {
			t.Error("a corrected letter calls again")
		}
	})
}

func TestNotesRespectScope(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		actor := func(grants map[string]authz.Level) context.Context {
			return authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: w.reader.ID, Name: w.reader.Name, Grants: grants})
		}
		n := w.add(w.as(w.author), customers.NewNote{Body: "mine"})
		f := w.attach("a.txt", "text")
		tests := []struct {
			name             string
			grants           map[string]authz.Level
			add, change, see errs.Kind // 0: allowed
		}{
			{"nothing", nil, errs.Forbidden, errs.Forbidden, errs.Forbidden},
			{"own only", map[string]authz.Level{"customers.view": authz.Own, "customers.note": authz.Own}, errs.NotFound, errs.NotFound, errs.NotFound},
			{"sees, notes own", map[string]authz.Level{"customers.view": authz.All, "customers.note": authz.Own}, errs.Forbidden, errs.Forbidden, 0},
			{"notes all", map[string]authz.Level{"customers.view": authz.All, "customers.note": authz.All}, 0, errs.Forbidden, 0},
			{"edits all", map[string]authz.Level{"customers.view": authz.All, "customers.note": authz.All, "customers.edit": authz.All}, 0, 0, 0},
		}
		for _, tt := range tests {
			ctx := actor(tt.grants)
			check := func(what string, err error, want errs.Kind) {
				t.Helper()
				if want == 0 && err != nil || want != 0 && !errs.Is(err, want) {
					t.Errorf("%s: %s: %v, want %v", tt.name, what, err, want)
				}
			}
			_, err := w.AddNote(ctx, customers.NewNote{CustomerID: w.customer.ID, Body: "x"})
			check("add", err, tt.add)
			_, err = w.ChangeNote(ctx, w.customer.ID, n.ID, customers.NoteChange{Body: ptr("by " + tt.name)})
			check("change", err, tt.change)
			for what, see := range map[string]func() error{
				"dossier":  func() error { _, err := w.Dossier(ctx, w.customer.ID); return err },
				"timeline": func() error { _, err := w.Timeline(ctx, w.customer.ID, customers.TimelineQuery{}); return err },
				"reading":  func() error { _, err := w.ReadingPage(ctx, w.customer.ID, ""); return err },
				"files":    func() error { _, err := w.ListFiles(ctx, w.customer.ID); return err },
				"file":     func() error { _, err := w.FindFile(ctx, w.customer.ID, f.ID); return err },
			} {
				check(what, see(), tt.see)
			}
		}
	})
}

func (w *desk) timeline(q customers.TimelineQuery) customers.Timeline {
	w.t.Helper()
	line, err := w.Timeline(i18n.With(w.ctx, i18n.Locale{Lang: i18n.English}), w.customer.ID, q)
	if err != nil {
		w.t.Fatal(err)
	}
	return line
}

func TestTimelinePagesEverythingOnceInOrder(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		for i := range 12 {
			w.add(w.ctx, customers.NewNote{Body: fmt.Sprint("note ", i), Kind: customers.NoteKinds[i%6], HappenedAt: ago(time.Duration(i%5) * time.Hour)})
			w.attach(fmt.Sprint(i, ".txt"), fmt.Sprint("content ", i))
			if _, err := w.Change(w.ctx, w.customer.ID, 0, customers.Patch{Name: ptr(fmt.Sprint("Name ", i))}); err != nil {
				t.Fatal(err)
			}
		}
		whole := w.timeline(customers.TimelineQuery{Limit: 200})
		if len(whole.Items) != 37 || whole.Next != "" {
			t.Fatalf("%d items, next %q", len(whole.Items), whole.Next)
		}
		var keys []string
		q := customers.TimelineQuery{Limit: 5}
		for {
			page := w.timeline(q)
			for _, item := range page.Items {
				keys = append(keys, item.Key)
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		for i, item := range whole.Items {
			if i >= len(keys) || keys[i] != item.Key {
				t.Fatalf("page by page %v differs from the whole at %d: %s", keys, i, item.Key)
			}
			if i > 0 && item.At > whole.Items[i-1].At {
				t.Errorf("%s is newer than the one before it", item.Key)
			}
		}
		notes := w.timeline(customers.TimelineQuery{Kinds: []customers.TouchKind{"call", "visit"}})
		if len(notes.Items) != 4 {
			t.Errorf("%d calls and visits", len(notes.Items))
		}
		if only := w.timeline(customers.TimelineQuery{Kinds: []customers.TouchKind{customers.FileTouch}}); len(only.Items) != 12 || only.Items[0].File == nil {
			t.Errorf("%d files", len(only.Items))
		}
		if _, err := w.Timeline(w.ctx, w.customer.ID, customers.TimelineQuery{Cursor: "1.2.x"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a forged cursor: %v", err)
		}
	})
}

func TestTimelineReadsAsWords(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		by := customerstest.Create(t, w.db, nil)
		_, err := w.Change(w.as(w.author), w.customer.ID, 0, customers.Patch{
			OwnerID: ptr(w.reader.ID), TaxID: ptr("777"), RecommendedByID: ptr(by.ID), Country: ptr("GE"),
			DoNotContactBefore: ptr(clock.Day(20270115)), PreferredChannel: ptr(customers.ByPhone), SourceName: ptr("Fair in Plovdiv"),
		})
		if err != nil {
			t.Fatal(err)
		}
		top := w.timeline(customers.TimelineQuery{}).Items[0]
		got := map[string]string{}
		for _, c := range top.Changes {
			got[c.Label] = c.Before + " → " + c.After
		}
		for label, want := range map[string]string{
			"Responsible": w.author.Name + " → " + w.reader.Name, "Tax number": "BG 123-456-789 → 777", "Recommended by": " → " + by.Name,
			"Country": "BG → GE", "Do not contact before": " → 15 Jan 2027", "Prefers": " → Phone", "How they found us": "Unknown → Fair in Plovdiv",
		} {
			if got[label] != want {
				t.Errorf("%s: %q, want %q", label, got[label], want)
			}
		}
		if top.Title != "Details changed" || top.Who != w.author.Name || top.WhoID != w.author.ID || !top.Undoable {
			t.Errorf("%+v", top)
		}
		blind := authz.With(t.Context(), authz.Actor{
			Kind: authz.Person, UserID: w.reader.ID, Grants: map[string]authz.Level{"customers.view": authz.All},
			Fields: map[string]authz.FieldRight{"customers.tax_id": authz.FieldHidden, "customers.points": authz.FieldHidden},
		})
		line, err := w.Timeline(blind, w.customer.ID, customers.TimelineQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if shown, _ := json.Marshal(line); strings.Contains(string(shown), "777") || strings.Contains(string(shown), "123-456") {
			t.Errorf("a hidden field shows: %s", shown)
		}
		for _, lang := range i18n.Langs {
			ctx := i18n.With(w.ctx, i18n.Locale{Lang: lang})
			line, err := w.Timeline(ctx, w.customer.ID, customers.TimelineQuery{})
			if err != nil || line.Items[0].Title != i18n.TIn(lang, "customers.timeline.changed") {
				t.Errorf("%s: %v %v", lang, line, err)
			}
		}
	})
}

func TestFilesAreAttachedAndComeBack(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		f := w.attach("../secret/Договор.pdf", "%PDF-1.7 text")
		if f.Name != "Договор.pdf" || f.MIME != "application/pdf" || !f.Previewable() || f.Thumbnailable() {
			t.Errorf("%+v", f)
		}
		if used, err := w.Referenced(w.ctx, []string{f.Hash, strings.Repeat("0", 64)}); err != nil || len(used) != 1 || !used[f.Hash] {
			t.Errorf("%v, %v", used, err)
		}
		content, size, err := w.OpenFile(w.ctx, f)
		if err != nil || size != 13 {
			t.Fatal(size, err)
		}
		_ = content.Close()
		if err := w.RemoveFile(w.ctx, w.customer.ID, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.OpenFile(w.ctx, f); !errs.Is(err, errs.NotFound) {
			t.Errorf("a removed file opens: %v", err)
		}
		if used, _ := w.Referenced(w.ctx, []string{f.Hash}); !used[f.Hash] {
			t.Error("the content of a removed file may be swept at once")
		}
		if err := w.Undo(w.ctx, w.timeline(customers.TimelineQuery{}).Items[0].EntryID); err != nil {
			t.Fatal(err)
		}
		if all, err := w.ListFiles(w.ctx, w.customer.ID); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		_, err = w.AttachFile(w.ctx, w.customer.ID, "empty", strings.NewReader(""))
		if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != "file" {
			t.Errorf("an empty file: %v", err)
		}
		_, err = w.AttachFile(w.ctx, 999, "a", strings.NewReader("never stored"))
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("no such customer: %v", err)
		}
		stored := 0
		if err := w.store.Walk(t.Context(), func(files.Info) error { stored++; return nil }); err != nil || stored > 2 {
			t.Errorf("%d contents are stored, %v", stored, err)
		}
	})
}

// panel is another module's.
type panel struct{}

func (panel) Name() string { return "weather" }

func (panel) Load(_ context.Context, _ *db.Tx, c customers.Customer) (any, error) {
	return map[string]string{"over": c.Name}, nil
}

// broken is a module's panel that fails in one of several ways.
type broken string

func (b broken) Name() string { return string(b) }

func (b broken) Load(ctx context.Context, tx *db.Tx, _ customers.Customer) (any, error) {
	switch b {
	case "crashes":
		panic("a panel's own mistake")
	case "asks wrongly":
		_, err := db.All(ctx, tx, db.Value[int64], "SELECT id FROM customers_no_such_table ORDER BY id")
		return nil, err
	}
	<-ctx.Done() // is too slow
	return nil, ctx.Err()
}

func TestAPanelThatFailsStaysInItsPlace(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		for _, p := range []customers.Panel{broken("crashes"), broken("asks wrongly"), broken("is slow"), panel{}} {
			w.AddPanel(p)
		}
		d, err := w.Dossier(w.ctx, w.customer.ID)
		if err != nil || len(d.Panels) != 4 {
			t.Fatalf("%+v, %v", d.Panels, err)
		}
		for i, p := range d.Panels {
			if p.Failed != (i < 3) || p.Failed == (p.Data != nil) {
				t.Errorf("%+v", p)
			}
		}
		if again, err := w.LoadPanel(w.ctx, w.customer.ID, "weather"); err != nil || again.Failed {
			t.Errorf("%+v, %v", again, err)
		}
		if _, err := w.LoadPanel(w.ctx, w.customer.ID, "no such"); !errs.Is(err, errs.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

func TestLookAlikesAreOthersInOneStatement(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		twin := customerstest.New()
		twin.Name, twin.Phones = "Ivanov i sin", []string{"+359 88 123 4567"}
		other, err := w.Create(w.ctx, twin)
		if err != nil {
			t.Fatal(err)
		}
		card, err := w.FindCard(w.ctx, w.customer.ID)
		if err != nil {
			t.Fatal(err)
		}
		ctx, counter := db.WithCounter(w.ctx)
		hits, err := w.Alike(ctx, card)
		if err != nil || len(hits) != 1 || hits[0].ID != other.ID || hits[0].Why.Kind != "phone" {
			t.Errorf("%+v, %v", hits, err)
		}
		if counter.Count() > 1 {
			t.Errorf("%d statements", counter.Count())
		}
	})
}

func TestDossierHasEverythingInTwelveStatements(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		w.AddPanel(panel{})
		w.fill()
		ctx := i18n.With(w.as(w.reader), i18n.Locale{Lang: i18n.English})
		if _, err := w.Dossier(ctx, w.customer.ID); err != nil { // people and fields come from memory afterwards
			t.Fatal(err)
		}
		counted, counter := db.WithCounter(ctx)
		d, err := w.Dossier(counted, w.customer.ID)
		if err != nil {
			t.Fatal(err)
		}
		if counter.Count() > 12 {
			t.Errorf("%d statements", counter.Count())
		}
		if d.Number != "K-000001" || d.Owner != w.author.Name || d.Source != "Unknown" || d.Parent == nil || d.RecommendedBy == nil {
			t.Errorf("head: %+v", d)
		}
		if d.UnitCount != 25 || len(d.Units) != 20 || d.Recommended != 2 || d.Quality != 100 && len(d.Missing) == 0 {
			t.Errorf("%d units, %d shown, %d recommended, quality %d, missing %v", d.UnitCount, len(d.Units), d.Recommended, d.Quality, d.Missing)
		}
		if len(d.Card.Contacts) != 1 || len(d.Card.Points) != 2 || len(d.Card.Addresses) != 1 || len(d.Card.Tags) != 2 || len(d.Card.Dates) != 1 {
			t.Errorf("card: %+v", d.Card)
		}
		if len(d.Consents) != 1 || d.Consents[0].Given || len(d.Card.Consents) != 2 {
			t.Errorf("consents: %+v", d.Consents)
		}
		if len(d.Sheet) != 1 || d.Sheet[0].Heading != "Trade" || d.Sheet[0].Values[0].Text != "Seeds" {
			t.Errorf("fields: %+v", d.Sheet)
		}
		if len(d.Pinned) != 1 || d.Pinned[0].Text != "pinned long ago" || len(d.Files) != 1 || len(d.Timeline.Items) != 30 || d.Timeline.Next == "" {
			t.Errorf("%d pinned, %d files, %d items", len(d.Pinned), len(d.Files), len(d.Timeline.Items))
		}
		if len(d.Panels) != 1 || d.Panels[0].Name != "weather" {
			t.Errorf("%+v", d.Panels)
		}
		if _, err := json.Marshal(d); err != nil {
			t.Error(err)
		}
	})
}

// fill gives the desk's customer relatives, fields, notes and files.
func (w *desk) fill() {
	w.t.Helper()
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	_, err := w.fields.CreateField(w.ctx, fields.NewField{RecordType: customers.RecordType, Question: fields.Question{
		Slug: "trade", Words: fields.Words{Label: "What they sell"}, Type: fields.Text, Heading: "Trade",
	}})
	must(err)
	parent := customerstest.Create(w.t, w.db, nil)
	by := customerstest.Create(w.t, w.db, nil)
	_, err = w.Change(w.ctx, w.customer.ID, 0, customers.Patch{ParentID: &parent.ID, RecommendedByID: &by.ID, Custom: map[string]any{"trade": "Seeds"}})
	must(err)
	for i := range 27 {
		customerstest.Create(w.t, w.db, func(in *customers.NewCustomer) {
			if i < 25 {
				in.ParentID = w.customer.ID
			} else {
				in.RecommendedByID = w.customer.ID
			}
		})
	}
	for _, given := range []bool{true, false} {
		_, err := w.RecordConsent(w.ctx, w.customer.ID, customers.Consent{Purpose: "Newsletter", Given: given})
		must(err)
	}
	w.add(w.ctx, customers.NewNote{Body: "pinned long ago", Pinned: true, HappenedAt: ago(9000 * time.Hour)})
	for i := range 40 {
		w.add(w.ctx, customers.NewNote{Body: fmt.Sprint("note ", i)})
	}
	w.attach("offer.pdf", "%PDF-1.7 offer")
}

func TestReadingLeafsThroughTheFileInTimeOrder(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		old := w.add(w.ctx, customers.NewNote{Body: "oldest", HappenedAt: ago(900 * time.Hour)})
		w.attach("a.txt", "text")
		w.add(w.ctx, customers.NewNote{Body: "newest"})
		page, err := w.ReadingPage(w.ctx, w.customer.ID, "")
		if err != nil || page.Item.Note == nil || page.Item.Note.ID != old.ID || page.Earlier != "" {
			t.Fatalf("%+v, %v", page, err)
		}
		var at []clock.Instant
		for {
			at = append(at, page.Item.At)
			if page.Later == "" {
				break
			}
			before := page.Item.Key
			if page, err = w.ReadingPage(w.ctx, w.customer.ID, page.Later); err != nil || page.Earlier != before {
				t.Fatalf("%+v, %v", page, err)
			}
		}
		if len(at) != 4 || page.Item.Text != "newest" {
			t.Errorf("%d pages, the last %+v", len(at), page.Item)
		}
		if _, err := w.ReadingPage(w.ctx, w.customer.ID, "n999"); !errs.Is(err, errs.NotFound) {
			t.Errorf("no such page: %v", err)
		}
	})
}

func TestErasureTakesTheWordsOutOfNotesAndFiles(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		p := customerstest.Create(t, w.db, func(in *customers.NewCustomer) { in.Kind, in.Name = customers.Person, "Nino Beridze" })
		if _, err := w.AddNote(w.ctx, customers.NewNote{CustomerID: p.ID, Kind: customers.CallNote, Body: "secret words"}); err != nil {
			t.Fatal(err)
		}
		f, err := w.AttachFile(w.ctx, p.ID, "secret.txt", strings.NewReader("secret"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Erase(w.ctx, p.ID, 0); err != nil {
			t.Fatal(err)
		}
		d, err := w.Dossier(w.ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		shown, _ := json.Marshal(d)
		if s := string(shown); strings.Contains(s, "secret") || strings.Contains(s, "Nino") || !strings.Contains(s, `"kind":"call"`) {
			t.Errorf("%s", s)
		}
		if used, _ := w.Referenced(w.ctx, []string{f.Hash}); used[f.Hash] {
			t.Error("the erased person's file is still needed")
		}
		if _, err := w.AddNote(w.ctx, customers.NewNote{CustomerID: p.ID, Body: "again"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a note about an erased person: %v", err)
		}
	})
}

func TestWhatANoteSaidBeforeStaysReadable(t *testing.T) {
	atDesk(t, func(t *testing.T, w *desk) {
		ctx := w.as(w.author)
		n := w.add(ctx, customers.NewNote{Kind: customers.CallNote, Body: "First words for " + fmt.Sprintf("@[%d]", w.reader.ID), ContactID: w.contact})
		if n.EditedAt != 0 {
			t.Errorf("a new note was edited at %v", n.EditedAt)
		}
		for _, body := range []string{"Second words", "Third words"} {
			if _, err := w.ChangeNote(ctx, w.customer.ID, n.ID, customers.NoteChange{Body: ptr(body)}); err != nil {
				t.Fatal(err)
			}
		}
		if pinned, err := w.PinNote(ctx, w.customer.ID, n.ID, true); err != nil || pinned.EditedAt == 0 {
			t.Fatalf("%+v, %v", pinned, err)
		}
		editions, err := w.NoteEditions(ctx, w.customer.ID, n.ID)
		if err != nil || len(editions) != 2 || editions[0].Text != "Second words" || editions[1].Text != "First words for @"+w.reader.Name || editions[0].By != w.author.Name {
			t.Fatalf("%+v, %v", editions, err)
		}
		if line := w.timeline(customers.TimelineQuery{Kinds: []customers.TouchKind{"call"}}); line.Items[0].Note.EditedAt == 0 {
			t.Errorf("the timeline does not know of it: %+v", line.Items[0].Note)
		}
		if err := w.Undo(ctx, editions[1].EntryID); !errs.Is(err, errs.Conflict) {
			t.Errorf("an edit that was edited again is undone: %v", err)
		}
		if err := w.Undo(ctx, editions[0].EntryID); err != nil {
			t.Fatal(err)
		}
		back, err := w.FindNote(ctx, w.customer.ID, n.ID)
		if err != nil || back.Body != "Second words" || !back.Pinned || back.HappenedAt != n.HappenedAt || back.ContactID != w.contact {
			t.Errorf("%+v, %v", back, err)
		}
		stranger := w.as(teamtest.Person(t, w.db, authz.Analyst))
		if err := w.Undo(stranger, editions[0].EntryID); err == nil {
			t.Error("an analyst changes notes by undoing")
		}
	})
}
