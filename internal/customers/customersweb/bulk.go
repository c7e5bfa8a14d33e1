package customersweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
	"kartoteka.dev/internal/platform/ui/toast"
	"kartoteka.dev/internal/platform/web"
)

const bulkPath = listPath + "/bulk"

// maxBulk is how many customers are changed while the person waits.
const maxBulk = 2000

func mayBulk(ctx context.Context) bool {
	return authz.Can(ctx, "customers.bulk") || authz.Can(ctx, "customers.export")
}

// bulk does with the chosen customers what the pressed button says.
func (p *Pages) bulk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	l, err := p.list(ctx, in.Values)
	if err != nil {
		return err
	}
	if in.Text("do") == "export" {
		return p.exportList(w, r, l, exported{format: "xlsx", ids: in.IDs("id"), all: in.Flag("all")})
	}
	sel, err := p.selection(ctx, in, l)
	if err != nil {
		return err
	}
	change, err := bulkChange(in)
	if err != nil {
		return err
	}
	result, err := p.customers.Bulk(ctx, sel, change, nil)
	if err != nil {
		return err
	}
	back := l.address.href()
	undo := undoAll(result.Entries)
	if result.Refused > 0 {
		p.nameRefused(ctx, result.Refusals, l.rows)
		pg := page.Page{Title: i18n.T(ctx, "customers.list-bulk.result"), Width: page.Narrow, Breadcrumbs: crumbs(ctx)}
		return web.Page(w, r, pg, bulkResult(result, back, undo))
	}
	done := toast.Toast{Text: i18n.T(ctx, "customers.list-bulk.changed", "Count", result.Changed)}
	if result.Changed > 0 && len(undo) < maxUndoAddress {
		done.UndoURL = undo
	}
	return goOn(w, r, back, done)
}

// nameRefused names the customers that were left as they are, as far as the
// person may see them.
func (p *Pages) nameRefused(ctx context.Context, refused []customers.Refusal, rows []customers.Row) {
	names := map[int64]string{}
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	for i := range refused {
		f := &refused[i]
		if f.Name == "" {
			f.Name = names[f.ID]
		}
		if f.Name == "" {
			found, err := p.customers.Find(ctx, f.ID)
			if err == nil {
				f.Name = found.Name
			}
		}
	}
}

// selection is what is ticked, or all that the list shows.
func (p *Pages) selection(ctx context.Context, in *web.Form, l listPage) (sel customers.Selection, err error) {
	const op = "customersweb.selection"
	sel.IDs = in.IDs("id")
	if in.Flag("all") {
		sel = customers.Selection{Filter: l.asked()}
		count, err := p.customers.Count(ctx, sel.Filter)
		switch {
		case err != nil:
			return sel, err
		case count.N > maxBulk:
			return sel, errs.New(errs.Invalid, op, "customers.list-bulk.too-many", "Max", maxBulk)
		}
	} else if len(sel.IDs) == 0 {
		in.Fail("id", "customers.list-bulk.none")
	}
	return sel, in.Err(op)
}

func bulkChange(in *web.Form) (c customers.BulkChange, err error) {
	given := func(name string) *int64 {
		id := in.ID(name)
		return &id
	}
	switch in.Text("do") {
	case "owner":
		c.OwnerID = given("owner")
	case "team":
		c.TeamID = given("team")
	case "tag", "": // Enter in the field of the tag
		c.AddTags = []string{in.Text("tag")}
	case "untag":
		c.RemoveTags = []string{in.Text("tag")}
	case "archive":
		c.Archive = true
	case "restore":
		c.Restore = true
	default:
		in.Fail("do", "errors.field-not-chosen")
		return c, in.Err("customersweb.bulk")
	}
	if tags := append(slices.Clone(c.AddTags), c.RemoveTags...); len(tags) == 1 && tags[0] == "" {
		in.Fail("tag", "customers.list-bulk.tag-missing")
	}
	return c, in.Err("customersweb.bulk")
}

// maxUndoAddress is how long the address of an undo may be to fit a message.
const maxUndoAddress = 1500

const bulkUndoPath = bulkPath + "/undo"

// undoAll is the address that takes all of these entries back; runs of
// numbers are written 100-250.
func undoAll(entries []int64) string {
	slices.Sort(entries)
	var runs []string
	for i := 0; i < len(entries); {
		j := i
		for j+1 < len(entries) && entries[j+1] == entries[j]+1 {
			j++
		}
		run := idText(entries[i])
		if j > i {
			run += "-" + idText(entries[j])
		}
		runs = append(runs, run)
		i = j + 1
	}
	return pathWith(bulkUndoPath, url.Values{"entries": {strings.Join(runs, ",")}})
}

// entriesOf reads what undoAll wrote.
func entriesOf(text string) []int64 {
	var all []int64
	for run := range strings.SplitSeq(text, ",") {
		from, to, several := strings.Cut(run, "-")
		if !several {
			to = from
		}
		a, err1 := strconv.ParseInt(from, 10, 64)
		b, err2 := strconv.ParseInt(to, 10, 64)
		if err1 != nil || err2 != nil || b < a || int64(len(all))+b-a > 2*maxBulk {
			return nil
		}
		for ; a <= b; a++ {
			all = append(all, a)
		}
	}
	return all
}

// undoBulk takes a bulk edit back, each customer's entry by itself.
func (p *Pages) undoBulk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	in, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	undone, kept := 0, 0
	for _, id := range entriesOf(in.Values.Get("entries")) {
		err := p.customers.Undo(ctx, id)
		switch {
		case err == nil:
			undone++
		case errs.Is(err, errs.Internal), errs.Is(err, errs.Forbidden):
			return err
		default:
			kept++ // changed again in the meantime
		}
	}
	text := i18n.T(ctx, "customers.list-bulk.undone", "Count", undone)
	if kept > 0 {
		text += " " + i18n.T(ctx, "customers.list-bulk.kept", "Count", kept)
	}
	back := listPath
	if u, err := url.Parse(r.Referer()); err == nil && u.Path == listPath {
		back = u.RequestURI()
	}
	return goOn(w, r, back, toast.Toast{Text: text})
}
