package customersweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/customers/vocabulary"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/timeline"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

const journalPath = "/journal"

// journalPage is what happened in the whole company.
type journalPage struct {
	query customers.JournalQuery
	items []customers.JournalItem
	next  int64
	shown clock.Day // that the page before ended with
	dir   directory
}

func (p *Pages) showJournal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	jp := journalPage{query: customers.JournalQuery{
		PersonID: in.ID("person"), CustomerID: in.ID("customer"), Kind: in.Text("kind"), From: in.Day("from"), To: in.Day("to"),
		Undoable: in.Flag("undoable"), BeforeID: in.ID("before"),
	}}
	day, _ := strconv.Atoi(in.Text("day"))
	jp.shown = clock.Day(day)
	if err := in.Err("customersweb.showJournal"); err != nil {
		return err
	}
	if jp.items, jp.next, err = p.customers.Journal(ctx, jp.query); err != nil {
		return err
	}
	if jp.dir, err = p.directory(ctx); err != nil {
		return err
	}
	if web.IsFragment(r) && jp.query.BeforeID != 0 {
		return web.Render(w, r, journalItems(jp))
	}
	return web.Page(w, r, page.Page{Title: i18n.T(ctx, "customers.dossier-journal.title")}, journalBody(jp))
}

// more is the address of the page that follows.
func (p journalPage) more(ctx context.Context) string {
	if p.next == 0 {
		return ""
	}
	q := p.asked()
	q.Set("before", idText(p.next))
	q.Set("day", strconv.Itoa(int(dayOf(ctx, p.items[len(p.items)-1].At))))
	return pathWith(journalPath, q)
}

// asked are the filters in the address.
func (p journalPage) asked() url.Values {
	q := url.Values{}
	if p.query.PersonID != 0 {
		q.Set("person", idText(p.query.PersonID))
	}
	if p.query.CustomerID != 0 {
		q.Set("customer", idText(p.query.CustomerID))
	}
	if p.query.Kind != "" {
		q.Set("kind", p.query.Kind)
	}
	if p.query.From != 0 {
		q.Set("from", p.query.From.String())
	}
	if p.query.To != 0 {
		q.Set("to", p.query.To.String())
	}
	if p.query.Undoable {
		q.Set("undoable", "1")
	}
	return q
}

// KindOptions are the kinds of entries under their modules, each module as a
// whole first.
func KindOptions(ctx context.Context) []field.Option {
	var all []field.Option
	for _, g := range chronicle.Groups {
		group := i18n.T(ctx, g.Label)
		all = append(all, field.Option{Value: g.Module, Label: i18n.T(ctx, "customers.dossier-journal.whole", "Name", group), Group: group})
		var some []field.Option
		for _, k := range g.Kinds {
			label := strings.Trim(strings.TrimSpace(i18n.T(ctx, k.Title, "Name", "…")), " :…")
			some = append(some, field.Option{Value: k.Name, Label: upper(label), Group: group})
		}
		byLabel(some)
		all = append(all, some...)
	}
	return all
}

// upper begins a line with a capital letter.
func upper(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// undoFromJournal takes back what an entry tells of, and stays in the journal.
func (p *Pages) undoFromJournal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := web.PathID(r, "entry")
	if err != nil {
		return err
	}
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if in.Flag("word") {
		_, err = p.words.Undo(ctx, id)
	} else {
		err = p.customers.Undo(ctx, id)
	}
	if err != nil {
		return err
	}
	to := journalPath
	if back := in.Text("back"); web.LocalPath(back) {
		to = back
	}
	return goOn(w, r, to, toast.Toast{Text: i18n.T(ctx, "common.undone")})
}

// mayUndo tells whether the reader may take an entry back.
func mayUndo(ctx context.Context, t customers.JournalItem) bool {
	if l := vocabulary.ListOf(t.EntryKind); l != "" {
		return t.Undoable && authz.Can(ctx, l.Right())
	}
	return t.Undoable && t.Customer != "" && authz.Can(ctx, "customers.edit")
}

// days sets the entries under their days.
func (p journalPage) days(ctx context.Context) []timeline.Day {
	var all []timeline.Day
	shown, d := p.shown, dossierPage{dir: p.dir}
	for _, t := range p.items {
		day := dayOf(ctx, t.At)
		if len(all) == 0 || day != shown {
			next := timeline.Day{Title: d.dayTitle(ctx, day)}
			if day == shown {
				next.Title = ""
			}
			all, shown = append(all, next), day
		}
		last := &all[len(all)-1]
		last.Items = append(last.Items, timeline.Item{
			Icon: entryIcon(t), Title: t.Title, ID: "t-" + t.Key, Meta: t.Who + " · " + i18n.Time(ctx, t.At), Show: journalMore(p, t),
		})
	}
	return all
}

// moduleIcons are shown beside entries that are about no customer.
var moduleIcons = map[string]string{
	"team": "users", "imports": "upload", "fields": "list-plus", "views": "columns-3", "jobs": "cog", "mail": "mail", "webhooks": "webhook",
}

func entryIcon(t customers.JournalItem) string {
	module, _, _ := strings.Cut(t.EntryKind, ".")
	if icon := moduleIcons[module]; icon != "" && t.CustomerID == 0 {
		return icon
	}
	if vocabulary.ListOf(t.EntryKind) != "" {
		return "tag"
	}
	return touchIcons[t.Kind]
}
